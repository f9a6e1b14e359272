// The kitchen's bell. A browser plays nothing before the first touch, so the screen says until then
// that it is mute. Three states: 'locked' (waits for a touch), 'on', 'off' (a person said so).
import { signal } from '../shared/ui.js';

const kKey = 'larder.kds.sound';
const kBells = {
  new: [
    [880, 0],
    [1320, 0.14],
  ],
  gone: [
    [520, 0],
    [390, 0.18],
  ],
};

export function makeSound() {
  const isOff = localStorage.getItem(kKey) === 'off';
  const sound = { state: signal(isOff ? 'off' : 'locked'), rung: signal(0), ring, toggle };
  let context = null;

  function unlock() {
    if (sound.state.value === 'off') return;
    context ??= new AudioContext();
    context.resume().then(() => {
      if (sound.state.value === 'locked') sound.state.value = 'on';
    });
  }
  addEventListener('pointerdown', unlock, { capture: true });
  addEventListener('keydown', unlock, { capture: true });

  function ring(kind) {
    sound.rung.value += 1;
    if (sound.state.value !== 'on' || !context) return;
    for (const [pitch, after] of kBells[kind]) tone(pitch, context.currentTime + after);
  }

  function tone(pitch, at) {
    const [wave, gain] = [context.createOscillator(), context.createGain()];
    wave.frequency.value = pitch;
    gain.gain.setValueAtTime(0.0001, at);
    gain.gain.exponentialRampToValueAtTime(0.5, at + 0.01);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.35);
    wave.connect(gain).connect(context.destination);
    wave.start(at);
    wave.stop(at + 0.4);
  }

  function toggle() {
    const next = sound.state.value === 'off' ? 'locked' : 'off';
    localStorage.setItem(kKey, next === 'off' ? 'off' : 'on');
    sound.state.value = next;
    unlock();
  }
  return sound;
}
