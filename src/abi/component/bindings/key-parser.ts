/** Types as the checks of values see them: those of a type key, with aliases resolved. */
export type KeyType =
	| { readonly kind: "primitive"; readonly name: string }
	| { readonly kind: "list" | "option"; readonly item: KeyType }
	| { readonly kind: "tuple"; readonly items: readonly KeyType[] }
	| { readonly kind: "result"; readonly ok: KeyType | undefined; readonly err: KeyType | undefined }
	| { readonly kind: "record" | "variant"; readonly members: readonly KeyMember[] }
	| { readonly kind: "enum" | "flags"; readonly names: readonly string[] }
	/** `resource` has its interface before it: `my:store/buckets.bucket`. With `isOfGuest`, the guest implements the resource. */
	| { readonly kind: "own" | "borrow"; readonly resource: string; readonly isOfGuest: boolean };

export interface KeyMember {
	readonly name: string;
	/** Absent for a case without payload. */
	readonly type?: KeyType;
}

export interface KeyFunction {
	readonly params: readonly KeyMember[];
	readonly result?: KeyType;
}

/** Reads the type key of a function that the generator has written. */
export function parseFunctionKey(key: string): KeyFunction {
	const reader = new KeyReader(key);
	const params = reader.members("(", ")");
	if (!reader.skip("->")) return { params };
	return { params, result: reader.type() };
}

class KeyReader {
	readonly #key: string;
	#at = 0;

	constructor(key: string) {
		this.#key = key;
	}

	type(): KeyType {
		const kind = this.#word();
		switch (kind) {
			case "list":
			case "option":
				return { kind, item: this.#types()[0] ?? UNKNOWN };
			case "tuple":
				return { kind, items: this.#types().map((item) => item ?? UNKNOWN) };
			case "result": {
				const [ok, err] = this.#types();
				return { kind, ok, err };
			}
			case "record":
			case "variant":
				return { kind, members: this.members("{", "}") };
			case "enum":
			case "flags":
				return { kind, names: this.members("{", "}").map(({ name }) => name) };
			case "own":
			case "borrow": {
				const end = this.#key.indexOf(">", this.#at);
				const resource = this.#key.slice(this.#at + 1, end);
				this.#at = end + 1;
				const isOfGuest = resource.startsWith("^");
				return { kind, resource: isOfGuest ? resource.slice(1) : resource, isOfGuest };
			}
			default:
				return { kind: "primitive", name: kind };
		}
	}

	members(open: string, close: string): KeyMember[] {
		const members: KeyMember[] = [];
		this.skip(open);
		while (!this.skip(close) && this.#at < this.#key.length) {
			const name = this.#word();
			members.push(this.skip(":") ? { name, type: this.type() } : { name });
			this.skip(",");
		}
		return members;
	}

	skip(text: string): boolean {
		if (!this.#key.startsWith(text, this.#at)) return false;
		this.#at += text.length;
		return true;
	}

	/** Arguments of a type; undefined for `_`. */
	#types(): (KeyType | undefined)[] {
		const types: (KeyType | undefined)[] = [];
		this.skip("<");
		while (!this.skip(">") && this.#at < this.#key.length) {
			types.push(this.skip("_") ? undefined : this.type());
			this.skip(",");
		}
		return types;
	}

	#word(): string {
		const start = this.#at;
		while (this.#at < this.#key.length && !"<>{}(),:".includes(this.#key.charAt(this.#at))) this.#at += 1;
		return this.#key.slice(start, this.#at);
	}
}

const UNKNOWN: KeyType = { kind: "primitive", name: "unknown" };
