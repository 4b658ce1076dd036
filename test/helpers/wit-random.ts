/** Random WIT packages that are valid by construction. */
import fc from "fast-check";

type Gen = fc.GeneratorValue;

interface Known {
	readonly name: string;
	readonly resource: boolean;
	/** True if values of the type contain a borrowed handle, which a result may not. */
	readonly borrows: boolean;
}

interface Face {
	readonly name: string;
	readonly types: readonly Known[];
}

const WORDS = ["apple", "list", "XML", "type", "b2", "read-only", "result", "with", "z-9", "constructor", "A"];
const PRIMITIVES = ["bool", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f32", "f64", "char", "string"];

/** Returns the text of a package with a world `w` that reaches most of it. */
export function randomPackage(gen: Gen): string {
	const faces: Face[] = [];
	const lines = ["package test:random@1.2.3;"];
	const count = upTo(gen, 3) + 1;
	for (let index = 0; index < count; index++) {
		const face = new FaceWriter(gen, `face-${index}`, faces);
		lines.push(face.text());
		faces.push(face);
	}
	// Exports only the last interfaces, so that an interface that they use is either exported too or completely imported.
	const exported = faces.slice(upTo(gen, faces.length));
	const imported = faces.filter(() => chance(gen));
	lines.push(
		"world w {",
		...imported.map((face) => `  import ${face.name};`),
		...exported.map((face) => `  export ${face.name};`),
		"  export run: func();",
		"}",
	);
	return `${lines.join("\n")}\n`;
}

class FaceWriter implements Face {
	readonly name: string;
	readonly types: Known[] = [];
	readonly #gen: Gen;
	readonly #others: readonly Face[];
	readonly #taken = new Set<string>();
	#names = 0;

	constructor(gen: Gen, name: string, others: readonly Face[]) {
		this.#gen = gen;
		this.name = name;
		this.#others = others;
	}

	text(): string {
		const lines: string[] = [];
		for (const other of this.#others) {
			for (const type of other.types) {
				if (upTo(this.#gen, 3) === 0) {
					lines.push(this.#use(other, type));
				}
			}
		}
		for (let count = upTo(this.#gen, 4); count > 0; count--) {
			lines.push(this.#type());
		}
		for (let count = upTo(this.#gen, 3); count > 0; count--) {
			lines.push(`${this.#fresh()}: ${this.#async()}func${this.#signature()};`);
		}
		return [`interface ${this.name} {`, ...lines.map((line) => `  ${line}`), "}"].join("\n");
	}

	#use(other: Face, type: Known): string {
		const alias = chance(this.#gen) ? this.#fresh() : undefined;
		if (alias === undefined && this.#taken.has(type.name)) {
			return "";
		}
		this.#taken.add(alias ?? type.name);
		this.types.push({ ...type, name: alias ?? type.name });
		return `use ${other.name}.{${type.name}${alias === undefined ? "" : ` as ${alias}`}};`;
	}

	#type(): string {
		const name = this.#fresh();
		const kind = pick(this.#gen, ["alias", "record", "variant", "enum", "flags", "resource"] as const);
		if (kind === "enum" || kind === "flags") {
			this.types.push({ name, resource: false, borrows: false });
			return `${kind} ${name} { ${this.#several(() => this.#fresh())} }`;
		}
		if (kind === "resource") {
			this.types.push({ name, resource: true, borrows: false });
			return `resource ${name} { ${this.#resourceBody(name)} }`;
		}
		const borrows = chance(this.#gen);
		const inner = () => this.#ref(2, borrows);
		const text = {
			alias: () => `type ${name} = list<${inner()}>;`,
			record: () => `record ${name} { ${this.#several(() => `${this.#fresh()}: ${inner()}`)} }`,
			variant: () => `variant ${name} { ${this.#several(() => this.#fresh() + (chance(this.#gen) ? `(${inner()})` : ""))} }`,
		}[kind]();
		this.types.push({ name, resource: false, borrows });
		return text;
	}

	#resourceBody(name: string): string {
		const parts = chance(this.#gen) ? [`constructor${this.#params()}${chance(this.#gen) ? ` -> result<${name}>` : ""};`] : [];
		for (let count = upTo(this.#gen, 2); count > 0; count--) {
			const isStatic = chance(this.#gen) ? "static " : "";
			parts.push(`${this.#fresh()}: ${isStatic}${this.#async()}func${this.#signature()};`);
		}
		return parts.join(" ");
	}

	#async(): string {
		return chance(this.#gen) ? "async " : "";
	}

	#signature(): string {
		return `${this.#params()}${chance(this.#gen) ? ` -> ${this.#ref(3, false)}` : ""}`;
	}

	#params(): string {
		return `(${Array.from({ length: upTo(this.#gen, 2) }, () => `${this.#fresh()}: ${this.#ref(3, true)}`).join(", ")})`;
	}

	#ref(depth: number, borrows: boolean): string {
		const inner = () => this.#ref(depth - 1, borrows);
		const known = this.types.filter((type) => borrows || !type.borrows);
		const choice = upTo(this.#gen, depth > 0 ? 9 : 2);
		if (choice <= 1 && known.length > 0) {
			const type = pick(this.#gen, known);
			return type.resource && borrows && chance(this.#gen) ? `borrow<${type.name}>` : type.name;
		}
		switch (choice) {
			case 3:
				return `list<${inner()}>`;
			case 4:
				return `list<${inner()}, ${upTo(this.#gen, 5) + 1}>`;
			case 5:
				return `option<${inner()}>`;
			case 6:
				return pick(this.#gen, ["result", `result<${inner()}>`, `result<_, ${inner()}>`, `result<${inner()}, ${inner()}>`]);
			case 7:
				return `tuple<${this.#several(inner)}>`;
			case 8:
				return `map<${pick(this.#gen, ["string", "u8", "char"])}, ${inner()}>`;
			case 9:
				return pick(this.#gen, ["stream", "future", "stream<u8>", "future<string>", "error-context"]);
			default:
				return pick(this.#gen, PRIMITIVES);
		}
	}

	#several(make: () => string): string {
		return Array.from({ length: upTo(this.#gen, 3) + 1 }, make).join(", ");
	}

	/** Returns a name that is unique in this interface. Some names are keywords, which need a `%`. */
	#fresh(): string {
		const number = this.#names++;
		const word = WORDS[number];
		const name = word === undefined || chance(this.#gen) ? `n${number}` : `%${word}`;
		return this.#taken.has(name) ? this.#fresh() : name;
	}
}

function upTo(gen: Gen, max: number): number {
	return gen(fc.nat, { max });
}

function chance(gen: Gen): boolean {
	return gen(fc.boolean);
}

function pick<Item>(gen: Gen, items: readonly Item[]): Item {
	return gen(fc.constantFrom, ...items);
}
