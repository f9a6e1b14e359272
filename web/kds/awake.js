// Keeps the display on where the browser can (a secure context); asked again whenever the page
// comes back, because the browser lets go when it is hidden.
export function stayAwake() {
  if (!navigator.wakeLock) return;
  const ask = () => {
    if (document.visibilityState === 'visible') navigator.wakeLock.request('screen').catch(() => {});
  };
  document.addEventListener('visibilitychange', ask);
  ask();
}
