// News: which tickets are really new, so that each rings once and a load rings never. Fed with
// every view; the first fresh view is what was there, not news.
export class News {
  constructor() {
    this.seen_ = null;
  }

  // entries: [{ key, isHere }]: all that the kitchen knows, and whether this screen shows it.
  // Answers how many new ones this screen shows.
  next(entries, isFresh) {
    if (!isFresh) return 0;
    const first = this.seen_ === null;
    const before = this.seen_ ?? new Set();
    const fresh = entries.filter(({ key }) => !before.has(key));
    this.seen_ = new Set(entries.map(({ key }) => key));
    return first ? 0 : fresh.filter(({ isHere }) => isHere).length;
  }
}
