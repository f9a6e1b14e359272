// What a refusal of the hub means for a guest's order. Pure.

// The menu changed under the cart: the guest looks at the cart again.
const kMenuCodes = new Set(['unknown_sku', 'bad_option', 'bad_combo', 'not_sold_here', 'bad_order', 'bad_quantity']);
// The hold is gone: its time ran out, or the hub ended it.
const kHoldCodes = new Set(['expired', 'not_found', 'bad_state', 'too_much', 'cancelled']);
// The hub keeps no answer for these: the same id may be sent again.
const kLaterCodes = new Set(['rate_limited', 'overloaded', 'busy', 'storage_full', 'storage_fault', 'in_recovery', 'unavailable']);

// After hold.place said no. `kind` is the notice's kind; a string exists for each.
export function afterHoldRefused(error) {
  if (error.code === 'out_of_stock') return { kind: 'sold_out', sku: error.sku ?? '' };
  if (kMenuCodes.has(error.code)) return { kind: 'menu_changed', sku: error.sku ?? '' };
  if (error.code === 'abandoned') return null;
  return { kind: 'no_hold', message: error.message };
}

// After order.place said no:
//   'unknown'  it may have happened: keep the id, keep asking
//   'again'    nothing happened, and the same id may be sent again
//   'hold'     nothing happened; hold again, and let the guest confirm what it costs now
//   'cart'     nothing happened; the cart needs a look
//   'staff'    nothing happened, and only a person can help
export function afterOrderRefused(error) {
  if (error.outcome === 'unknown') return { next: 'unknown' };
  if (error.code === 'out_of_stock') return { next: 'cart', notice: { kind: 'sold_out', sku: error.sku ?? '' } };
  if (error.code === 'price_changed') return { next: 'hold', notice: { kind: 'price_changed' } };
  if (kMenuCodes.has(error.code)) return { next: 'cart', notice: { kind: 'menu_changed', sku: error.sku ?? '' } };
  if (kHoldCodes.has(error.code)) return { next: 'hold', notice: { kind: 'held_again' } };
  if (kLaterCodes.has(error.code) || error.outcome === 'not_sent') return { next: 'again' };
  return { next: 'staff', notice: { kind: 'ask_staff', message: error.message } };
}
