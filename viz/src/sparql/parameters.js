// The parameters of the query in hand: what they may be, what is chosen, and how the address has it.

import { fill } from "./dom.js";
import { addressed, fillForm, resolved } from "./form.js";
import { thingsOf } from "./labels.js";
import { faultIn } from "./queries.js";
import { iriTerm } from "./terms.js";

const LITERALS = new Set(["integer", "date", "string"]);

export class Parameters {
  /** `loading` is called when the things to choose from have to be waited for. */
  constructor({ settings, texts, engine, loading }) {
    this.settings = settings;
    this.texts = texts;
    this.engine = engine;
    this.loading = loading;
    this.known = new Map();
    this.declared = [];
  }

  declare(parameters) {
    this.declared = parameters;
  }

  /** Values of the address, which may be slugs or names, as IRIs; and those that name nothing. */
  async resolve(given) {
    const values = {};
    const unknown = [];
    for (const parameter of this.declared) {
      const value = given[parameter.name] ?? "";
      if (value === "") continue;
      const found = await this.meant(parameter, value);
      if (found === null) unknown.push([parameter.name, value]);
      else values[parameter.name] = found;
    }
    return { values, unknown };
  }

  async meant(parameter, value) {
    if (LITERALS.has(parameter.kind)) return faultIn(parameter, value) === null ? value : null;
    return resolved(value, await this.things(parameter.kind)) ?? (iriTerm(value) ? value : null);
  }

  /** The values as the address has them: short where that is enough. */
  addressed(values) {
    const kindOf = (name) => this.declared.find((parameter) => parameter.name === name)?.kind;
    const written = ([name, value]) => [name, addressed(value, this.known.get(kindOf(name)) ?? [])];
    return Object.fromEntries(Object.entries(values).map(written));
  }

  /** The names of the parameters that must have a value and have none. */
  missing(values) {
    return this.declared.filter(({ name, required }) => required && !values[name]).map(({ name }) => name);
  }

  /** Shows a control for each parameter in a form. */
  async fill(form, values, onChange) {
    form.hidden = !this.declared.length;
    if (form.hidden) {
      fill(form);
      return;
    }
    const { lang } = this.settings;
    const things = (kind) => this.things(kind);
    await fillForm(form, { parameters: this.declared, values, lang, texts: this.texts, things, onChange });
  }

  async things(kind) {
    if (LITERALS.has(kind)) return [];
    if (!this.known.has(kind)) {
      this.loading();
      this.known.set(kind, await thingsOf(kind, this.settings.base, this.settings.lang, this.engine));
    }
    return this.known.get(kind);
  }
}
