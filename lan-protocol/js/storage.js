// Storage: where a screen keeps what it last saw, so that a reload with the hub down shows it.
// IndexedDB where there is one (a menu may be megabytes), else localStorage, else memory. Every
// call answers a promise and none rejects: a full or forbidden disk costs the memory of a screen,
// never the screen.

export function openStorage(name) {
  const small = localStore(name);
  if (typeof indexedDB === 'undefined') return small;
  const database = openDatabase(name);
  return {
    async get(key) {
      const db = await database;
      return db ? await requestOf(db, 'readonly', (store) => store.get(key)) : small.get(key);
    },
    async set(key, value) {
      const db = await database;
      if (db) await requestOf(db, 'readwrite', (store) => store.put(value, key));
      else await small.set(key, value);
    },
  };
}

export function memoryStorage() {
  const kept = new Map();
  return {
    get: async (key) => structuredClone(kept.get(key)),
    set: async (key, value) => void kept.set(key, structuredClone(value)),
  };
}

function localStore(name) {
  if (typeof localStorage === 'undefined') return memoryStorage();
  return {
    async get(key) {
      try {
        return JSON.parse(localStorage.getItem(`${name}/${key}`) ?? 'null') ?? undefined;
      } catch {
        return undefined;
      }
    },
    async set(key, value) {
      try {
        localStorage.setItem(`${name}/${key}`, JSON.stringify(value));
      } catch {
        // A full localStorage: the next reload shows an older view, which says so itself.
      }
    },
  };
}

function openDatabase(name) {
  return new Promise((resolve) => {
    let opening;
    try {
      opening = indexedDB.open(name, 1);
    } catch {
      resolve(null);
      return;
    }
    opening.onupgradeneeded = () => opening.result.createObjectStore('kept');
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => resolve(null);
    opening.onblocked = () => resolve(null);
  });
}

function requestOf(db, mode, ask) {
  return new Promise((resolve) => {
    try {
      const transaction = db.transaction('kept', mode);
      const request = ask(transaction.objectStore('kept'));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(undefined);
      transaction.onabort = () => resolve(undefined);
    } catch {
      resolve(undefined);
    }
  });
}
