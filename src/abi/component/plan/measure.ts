import { malformed } from "../../binary/byte-reader.ts";
import { concatFlat, variantFlat } from "./flat-type.ts";
import type { FlatType, Measure, ResourceType, ValueNode, ValueShape } from "./type-node.ts";

const MAX_DEPTH = 64;

/** Longest type key, in characters. The longest of all hostcalls has some thousand. */
const MAX_KEY_LENGTH = 200_000;

/** Room for the name and the brackets of any kind of type. */
const FRAME = 20;

/** Length of an absent side of a result. */
const ABSENT = 1;

/** Room for the punctuation of a part. */
const PUNCTUATION = 2;

/** Returns a value type with its measure. `at` is the byte of its definition. */
export function valueNode(shape: ValueShape, at: number): ValueNode {
	const measure = measureOf(shape);
	if (measure.depth > MAX_DEPTH) throw malformed(`its types are nested too deeply at byte ${at}`);
	if (!(measure.keyLength <= MAX_KEY_LENGTH)) throw malformed(`a type at byte ${at} is too large when it is written out`);
	return { kind: "value", shape, measure };
}

/** Returns the bound of the key length of a function type, and refuses a function type that is too large. */
export function boundedKeyLength(names: readonly string[], types: readonly ValueNode[], at: number): number {
	const keyLength = FRAME + namesLength(names) + types.reduce((sum, { measure }) => sum + measure.keyLength + PUNCTUATION, 0);
	if (!(keyLength <= MAX_KEY_LENGTH)) throw malformed(`a function type at byte ${at} is too large when it is written out`);
	return keyLength;
}

function measureOf(shape: ValueShape): Measure {
	switch (shape.kind) {
		case "primitive":
			return leaf({ flat: primitiveFlat(shape.primitive), pointers: shape.primitive === "string" });
		case "enum":
		case "flags":
			return leaf({ keyLength: FRAME + namesLength(shape.names) });
		case "own":
		case "borrow":
			return leaf({ keyLength: FRAME + resourceLength(shape.resource), borrows: shape.kind === "borrow", resources: true });
		case "record":
			return combine(shape.fields, namesOf(shape.fields), concatFlat);
		case "variant":
			return combine(shape.cases, namesOf(shape.cases), variantFlat);
		case "tuple":
			return combine(shape.items.map(part), [], concatFlat);
		case "list":
			return { ...combine([part(shape.element)], [], () => "ii"), pointers: true };
		case "option":
			return combine([part(shape.element)], [], variantFlat);
		case "result":
			return combine([part(shape.ok), part(shape.err)], [], variantFlat);
		case "unsupported":
			return { ...combine(shape.parts.map(part), [], () => "i"), unsupported: shape.what };
	}
}

function leaf(known: Partial<Measure>): Measure {
	return { depth: 1, keyLength: FRAME, flat: "i", pointers: false, borrows: false, resources: false, unsupported: undefined, ...known };
}

function primitiveFlat(primitive: string): FlatType {
	if (primitive === "string") return "ii";
	if (primitive === "s64" || primitive === "u64") return "I";
	if (primitive === "f32") return "f";
	return primitive === "f64" ? "F" : "i";
}

interface Part {
	readonly type: ValueNode | undefined;
}

function part(type: ValueNode | undefined): Part {
	return { type };
}

function combine(parts: readonly Part[], names: readonly string[], flatten: (flats: readonly FlatType[]) => FlatType): Measure {
	const flats: FlatType[] = [];
	let depth = 0;
	let keyLength = FRAME + namesLength(names) + parts.length * PUNCTUATION;
	let pointers = false;
	let borrows = false;
	let resources = false;
	let unsupported: string | undefined;
	for (const { type } of parts) {
		if (type === undefined) {
			keyLength += ABSENT;
			continue;
		}
		const { measure } = type;
		flats.push(measure.flat);
		depth = Math.max(depth, measure.depth);
		keyLength += measure.keyLength;
		pointers ||= measure.pointers;
		borrows ||= measure.borrows;
		resources ||= measure.resources;
		unsupported ??= measure.unsupported;
	}
	return { depth: depth + 1, keyLength, flat: flatten(flats), pointers, borrows, resources, unsupported };
}

function namesOf(parts: readonly { readonly name: string }[]): string[] {
	return parts.map(({ name }) => name);
}

function namesLength(names: readonly string[]): number {
	return names.reduce((sum, name) => sum + name.length + PUNCTUATION, 0);
}

function resourceLength(resource: ResourceType): number {
	return resource.kind === "host resource" ? resource.interface.length + resource.name.length : 0;
}
