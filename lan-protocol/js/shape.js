// Is this a message that a hub may say? Only what the SDK itself leans on is asked; members and
// types that it does not know are a newer hub's, and pass.

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const isText = (value) => typeof value === 'string';
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;

// The lists that the view of a topic has.
const kLists = { menu: ['stock'], kitchen: ['orders'], orders: ['orders'], stock: ['stock'], devices: ['devices'] };

// Those that are left out when they are empty.
const kMayHave = { stock: ['holds', 'oversells'] };

const isList = (list) => Array.isArray(list) && list.every(isObject);

function isView(topic, view) {
  const may = kMayHave[topic] ?? [];
  return isObject(view) && (kLists[topic] ?? []).every((name) => isList(view[name])) && may.every((name) => view[name] === undefined || isList(view[name]));
}

function isEvent(event) {
  return isObject(event) && isText(event.event) && isPlace(event) && isObject(event.prev) && isObject(event.body);
}

function isPlace({ epoch, seq }) {
  return isCount(epoch) && isCount(seq);
}

const kMessages = {
  hello: (message) => isText(message.store) && isText(message.hub) && isPlace(message),
  welcome: (message) => isText(message.device) && isText(message.role),
  staff: ({ staff, signed_in: person }) => Array.isArray(staff) && staff.every(isObject) && (person === null || isObject(person)),
  heartbeat: (message) => isPlace(message) && isObject(message.last) && (message.cloud === undefined || isObject(message.cloud)) && (message.recovery === undefined || isObject(message.recovery)),
  snapshot: (message) => isText(message.topic) && isPlace(message) && isCount(message.last) && isView(message.topic, message.view),
  resumed: (message) => isText(message.topic) && isPlace(message) && isCount(message.last),
  events: (message) => Array.isArray(message.events) && message.events.every(isEvent),
  unseen: ({ changes }) => Array.isArray(changes) && changes.every((change) => isObject(change) && Array.isArray(change.waiting) && change.waiting.every(isObject)),
  reply: (message) => isText(message.id) && (message.ok === true || isObject(message.error)),
};

export function isHubMessage(message) {
  if (!isObject(message) || !isText(message.type)) return false;
  const check = Object.hasOwn(kMessages, message.type) ? kMessages[message.type] : null;
  return check ? check(message) : true;
}
