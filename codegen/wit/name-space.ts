/** A set of names that must be valid and unique. WIT compares names without regard to case. */
import type { Span } from "../model/model.ts";
import type { Context, Place } from "./context.ts";
import type { Name } from "./syntax.ts";

export class NameSpace {
	readonly #context: Context;
	/** The owner of the names, as messages put it: "in interface `a`". */
	readonly #where: string;
	readonly #names = new Map<string, { readonly text: string; readonly span: Span }>();

	constructor(context: Context, where: string) {
		this.#context = context;
		this.#where = where;
	}

	/** Checks a name and takes it. False when it was taken before, which is then diagnosed. */
	declare(scope: Place, name: Name): boolean {
		this.#context.checkName(scope, name);
		return this.take(scope, name);
	}

	/** As `declare`, without checking the spelling: for names checked elsewhere. */
	take(scope: Place, name: Name): boolean {
		const key = name.text.toLowerCase();
		const first = this.#names.get(key);
		if (first === undefined) {
			this.#names.set(key, { text: name.text, span: this.#context.span(scope, name) });
			return true;
		}
		const sameName = first.text === name.text ? "" : `: \`${first.text}\` is the same name, as case does not count`;
		this.#context.error("duplicate-name", scope, name, `\`${name.text}\` is declared twice ${this.#where}${sameName}`, {
			related: [{ message: "first declared here", span: first.span }],
		});
		return false;
	}
}
