// Steps: one long story told in named steps, each a subtest. A failed step does not hide the next
// ones; the last line says how many held.
import { shot } from './browser.mjs';

export class Steps {
  constructor(name, test) {
    this.name = name;
    this.test = test;
    this.held = 0;
    this.all = 0;
    this.pages = {}; // photographed when a step fails
  }

  async step(what, f) {
    this.all += 1;
    await this.test.test(what, async () => {
      try {
        await f();
      } catch (error) {
        console.log(`step ${this.all} FAILED: ${what}: ${error.message}`);
        const names = Object.keys(this.pages);
        for (const name of names) {
          await shot(this.pages[name], `failed-${this.all}-${name}`).catch(() => {});
          await this.pages[name].keyboard.press('Escape').catch(() => {});
        }
        throw error;
      }
      this.held += 1;
      console.log(`step ${this.all} ok: ${what}`);
    });
  }

  report() {
    console.log(`${this.name}: ${this.held} of ${this.all} steps`);
  }
}
