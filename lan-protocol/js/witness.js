// Witness: the highest place in a hub's journal that this device has seen, with the chain's hash
// there when a heartbeat told it. A hub that was restored from a backup, or copied, is found out by
// it even with the internet gone. Of the last four hubs: a store that another machine took over is
// asked by what was seen of the one before.
const kHubsMax = 4;

export class Witness {
  constructor() {
    this.seen_ = []; // { hub, epoch, seq, head? }, the newest hub last
  }

  // `kept`: what kept() answered on an earlier page; before 0.3 one place of the hub known then.
  restore(kept, hub) {
    const places = Array.isArray(kept) ? kept : kept?.epoch && hub ? [{ hub, ...kept }] : [];
    this.seen_ = places.filter((place) => place?.hub && place.epoch).slice(-kHubsMax);
    return this.seen_.at(-1) ?? {};
  }

  kept() {
    return this.seen_;
  }

  // What is said to this hub: what was seen of it, or of the one that was here before it.
  said(hub) {
    const witness = this.seen_.find((place) => place.hub === hub) ?? this.seen_.at(-1);
    return witness ? { witness } : {};
  }

  // True when it is more than was known.
  saw(hub, { epoch, seq, head }) {
    if (!hub || !epoch) return false;
    const known = this.seen_.find((place) => place.hub === hub);
    const isLower = known && (known.epoch > epoch || (known.epoch === epoch && known.seq > seq));
    const isSame = known && known.epoch === epoch && known.seq === seq;
    if (isLower || (isSame && (!head || known.head === head))) return false;
    this.seen_ = this.seen_.filter((place) => place !== known);
    this.seen_.push({ hub, epoch, seq, ...(head && { head }) });
    this.seen_ = this.seen_.slice(-kHubsMax);
    return true;
  }
}
