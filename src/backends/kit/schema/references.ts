import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import { isSchemaObject, own } from "./keywords.ts";
import type { Lowering } from "./lowering.ts";
import type { SchemaPath } from "./path.ts";

/** The schema that a reference names. */
export interface Target {
	/** JSON Pointer of the schema. Empty for the outermost schema. */
	readonly pointer: string;
	readonly schema: JsonValue;
}

/** Resolves references within one schema. */
export class References {
	readonly #lowering: Lowering;
	/** Targets by name of the anchor. Collected for the first reference to an anchor, because few schemas have one. */
	#anchors: ReadonlyMap<string, Target> | undefined;

	constructor(lowering: Lowering) {
		this.#lowering = lowering;
	}

	/** @throws SchemaRefusal `invalid_request` for a reference that names no schema of this document. */
	resolve(ref: JsonValue, path: SchemaPath): Target {
		const invalid = (message: string) => this.#lowering.invalid(path, `$ref ${message}`);
		if (typeof ref !== "string") throw invalid("is no text");
		const base = own(this.#lowering.root, "$id");
		const fragment = typeof base === "string" && base !== "" && ref.startsWith(base) ? ref.slice(base.length) : ref;
		if (fragment !== "" && !fragment.startsWith("#"))
			throw invalid("leads to another document, which the host does not fetch; copy that schema to $defs");
		const name = decoded(fragment.slice(1));
		if (name === "") return { pointer: "", schema: this.#lowering.root };
		const target = name.startsWith("/") ? this.#byPointer(name) : this.#byAnchor(name);
		if (target === undefined) throw invalid("leads to nothing; check the name, and that no $id stands between");
		return target;
	}

	#byPointer(pointer: string): Target | undefined {
		let at: JsonValue | undefined = this.#lowering.root;
		for (const step of pointer.slice(1).split("/")) {
			const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
			if (Array.isArray(at)) at = /^(?:0|[1-9]\d{0,9})$/.test(name) ? at[Number(name)] : undefined;
			else at = isSchemaObject(at) ? own(at, name) : undefined;
			// References below another `$id` begin there.
			if (isSchemaObject(at) && isResource(at)) return undefined;
		}
		return at === undefined ? undefined : { pointer, schema: at };
	}

	#byAnchor(name: string): Target | undefined {
		this.#anchors ??= anchorsOf(this.#lowering.root);
		return this.#anchors.get(name);
	}
}

/** Returns true for a schema with an `$id` of its own, from which the references within it begin. */
export function isResource(schema: JsonObject): boolean {
	const id = own(schema, "$id");
	return typeof id === "string" && !id.startsWith("#");
}

function anchorsOf(root: JsonObject): ReadonlyMap<string, Target> {
	const anchors = new Map<string, Target>();
	const rest: Target[] = [{ pointer: "", schema: root }];
	for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
		const { pointer, schema } = next;
		if (Array.isArray(schema)) for (const [index, item] of schema.entries()) rest.push({ pointer: `${pointer}/${index}`, schema: item });
		else if (isSchemaObject(schema)) {
			if (pointer !== "" && isResource(schema)) continue;
			// Before draft 2019-09 an anchor was an `$id` that begins with `#`.
			for (const name of [own(schema, "$anchor"), own(schema, "$id"), own(schema, "id")]) {
				if (typeof name === "string") anchors.set(name.replace(/^#/, ""), next);
			}
			for (const [name, member] of Object.entries(schema)) {
				rest.push({ pointer: `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, schema: member });
			}
		}
	}
	return anchors;
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
