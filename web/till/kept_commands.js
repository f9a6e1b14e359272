// Commands that must not be lost or doubled by a reload: each is in storage with its id from before
// it is sent until it is answered. No page in here.
//
//   const kept = makeKept({ hub, store, newId, settled, changed });
//   kept.send('order.place', args, { kind: 'place', label });   // -> id
//   kept.resume();                                              // at start, and when live again
//
// settled(entry, { result } | { error }) is called once per command, in this page or a later one.
// An entry: { id, verb, args, note, since, isLate }; `note` is the caller's own.

export function makeKept({ hub, store, newId, settled, changed, wall = () => Date.now() }) {
  let entries = read(store);
  const asking = new Set();

  function write(next) {
    entries = next;
    store.set(JSON.stringify(entries));
    changed(entries);
  }
  const patch = (id, changes) => write(entries.map((entry) => (entry.id === id ? { ...entry, ...changes } : entry)));
  const drop = (id) => write(entries.filter((entry) => entry.id !== id));

  async function ask(entry) {
    if (asking.has(entry.id)) return;
    asking.add(entry.id);
    const { id, verb, args } = entry;
    try {
      const result = await hub.command(verb, args, { id, onUnknown: () => patch(id, { isLate: true }) });
      asking.delete(id);
      drop(id);
      settled(entry, { result });
    } catch (error) {
      asking.delete(id);
      // It may have happened: the entry stays, and resume() asks again with the same id.
      if (error.outcome === 'unknown') return patch(id, { isLate: true });
      drop(id);
      settled(entry, { error });
    }
    return undefined;
  }

  return {
    get entries() {
      return entries;
    },
    send(verb, args, note = {}) {
      const entry = { id: newId(), verb, args, note, since: wall(), isLate: false };
      write([...entries, entry]);
      ask(entry);
      return entry.id;
    },
    resume() {
      for (const entry of entries) ask(entry);
    },
  };
}

function read(store) {
  try {
    const kept = JSON.parse(store.get() ?? '[]');
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}
