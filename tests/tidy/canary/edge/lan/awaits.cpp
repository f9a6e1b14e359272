// The forms of co_await that g++ 12 miscompiles. See "../shared/" for nothing.
awaitable<void> bad() {
  if (co_await ready(1)) co_return;
  co_await run([] { return 1; });
}
