/** Names in C: all begin with the namespace of the package, e.g. `spear_log` and `SPEAR_EBADF`. */
import type { CoreAbi } from "../../../model/core/core-abi.ts";
import type { Member, TypeDef } from "../../../model/model.ts";
import { constantCase, snakeCase } from "../../../model/names/spelling.ts";

export class CNames {
	/** The namespace of the package, e.g. `spear`. */
	readonly prefix: string;

	constructor({ model }: CoreAbi) {
		this.prefix = snakeCase(model.main.id.namespace);
	}

	/** A function, type or file. A name that begins with the namespace keeps it. */
	lower(...words: readonly string[]): string {
		const name = snakeCase(words.join("_"));
		return name.startsWith(`${this.prefix}_`) ? name : `${this.prefix}_${name}`;
	}

	/** A constant or macro. */
	upper(...words: readonly string[]): string {
		return constantCase(this.lower(...words));
	}

	/** A case or flag with the names around it, e.g. `SPEAR_POLL_EVENTS_EPOLLIN`. */
	member(def: TypeDef, { name }: Pick<Member, "name">): string {
		return this.upper(def.owner.name, def.name, name);
	}
}

/** Words that C or C++ keep for themselves, and that a parameter or member could have. */
const KEYWORDS = new Set(
	(
		"alignas alignof and asm auto bool break case catch char class const constexpr continue decltype default delete do double else enum " +
		"explicit export extern false float for friend goto if inline int long mutable namespace new not noexcept nullptr operator or private " +
		"protected public register restrict return short signed sizeof static struct switch template this thread_local throw true try typedef " +
		"typeid typename union unsigned using virtual void volatile while xor"
	).split(" "),
);

/** A parameter or member. */
export function cIdentifier(name: string): string {
	const spelt = snakeCase(name);
	return KEYWORDS.has(spelt) ? `${spelt}_` : spelt;
}
