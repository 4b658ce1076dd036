/** A type of the ABI, read from the type key of a function. */
export type WitType =
	| { readonly kind: "string" | "bool" | "none" }
	| { readonly kind: "number"; readonly name: string }
	| { readonly kind: "list" | "option" | "own" | "borrow"; readonly of: WitType | string }
	| { readonly kind: "result"; readonly ok: WitType; readonly err: WitType }
	| { readonly kind: "record" | "variant"; readonly members: readonly WitMember[] }
	| { readonly kind: "enum" | "flags"; readonly names: readonly string[] };

/** A field of a record, a case of a variant, or a parameter. */
export interface WitMember {
	/** Name in kebab-case. */
	readonly name: string;
	readonly type: WitType;
}

/** Parameters and result of a function. */
export interface WitFunction {
	readonly parameters: readonly WitMember[];
	readonly result: WitType;
}

const NONE: WitType = { kind: "none" };

const functions = new Map<string, WitFunction>();

/** Returns the type of a function, from its key, such as `(ms:u32)->own<spear:ai/poll.pollable>`. */
export function functionType(key: string): WitFunction {
	let found = functions.get(key);
	if (found === undefined) {
		found = new KeyReader(key).functionType();
		functions.set(key, found);
	}
	return found;
}

/** Returns the type that a key describes. */
export function typeOfKey(key: string): WitType {
	return new KeyReader(key).type();
}

/** Reads a type key from its start to its end. */
class KeyReader {
	readonly #key: string;
	#at = 0;

	constructor(key: string) {
		this.#key = key;
	}

	functionType(): WitFunction {
		this.#expect("(");
		const parameters = this.#members(")");
		return { parameters, result: this.#skip("->") ? this.type() : NONE };
	}

	type(): WitType {
		const name = this.#word();
		switch (name) {
			case "string":
			case "bool":
				return { kind: name };
			case "_":
				return NONE;
			case "list":
			case "option": {
				this.#expect("<");
				const of = this.type();
				this.#expect(">");
				return { kind: name, of };
			}
			case "own":
			case "borrow": {
				this.#expect("<");
				const end = this.#key.indexOf(">", this.#at);
				const of = this.#key.slice(this.#at, end);
				this.#at = end + 1;
				return { kind: name, of };
			}
			case "result": {
				this.#expect("<");
				const ok = this.type();
				this.#expect(",");
				const err = this.type();
				this.#expect(">");
				return { kind: "result", ok, err };
			}
			case "record":
			case "variant":
				this.#expect("{");
				return { kind: name, members: this.#members("}") };
			case "enum":
			case "flags":
				this.#expect("{");
				return { kind: name, names: this.#members("}").map((member) => member.name) };
			default:
				return { kind: "number", name };
		}
	}

	#members(end: string): WitMember[] {
		const members: WitMember[] = [];
		while (!this.#skip(end)) {
			const name = this.#word();
			members.push({ name, type: this.#skip(":") ? this.type() : NONE });
			this.#skip(",");
		}
		return members;
	}

	#word(): string {
		const start = this.#at;
		while (/[\w-]/.test(this.#key.charAt(this.#at)) && !this.#key.startsWith("->", this.#at)) this.#at += 1;
		if (start === this.#at) throw new Error(`the type key has no name at ${start}: ${this.#key}`);
		return this.#key.slice(start, this.#at);
	}

	#skip(text: string): boolean {
		if (!this.#key.startsWith(text, this.#at)) return false;
		this.#at += text.length;
		return true;
	}

	#expect(text: string): void {
		if (!this.#skip(text)) throw new Error(`the type key has no \`${text}\` at ${this.#at}: ${this.#key}`);
	}
}
