// A verb without a schema.
const char* verb = "order.conjure";
