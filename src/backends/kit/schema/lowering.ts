import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import type { SchemaDialect } from "./dialect.ts";
import { readingBudget } from "./disjoint.ts";
import { SchemaPath } from "./path.ts";
import { ValueIds } from "./value-ids.ts";

/** A loss of a lowered schema. */
export interface Loss {
	/** Path of the schema at fault within the outermost one. */
	readonly path: SchemaPath;
	/** `wider`: values may arrive that the original schema refuses. `narrower`: some of its values never arrive. */
	readonly effect: "wider" | "narrower";
	readonly detail: string;
}

/** The reason why a schema cannot be lowered. */
export class SchemaRefusal extends Error {
	readonly code: "invalid_request" | "missing_capabilities";
	/** Path of the schema at fault within the outermost one. */
	readonly path: SchemaPath;

	constructor(code: SchemaRefusal["code"], path: SchemaPath, message: string) {
		super(message);
		this.code = code;
		this.path = path;
	}
}

/** Most downgrades of each effect that are recorded for a schema. Otherwise, many of one effect could hide the other. */
const MAX_DOWNGRADES = 50;

/** Deepest schema, in schemas within each other, after references are replaced. Twice the depth of the JSON that guests may send. */
const MAX_DEPTH = 512;

/**
 * Most text that is copied, in characters of JSON. A short schema can contain itself exponentially often: ten definitions, each with
 * ten references to the next.
 */
const MAX_COPIED = 300_000;

/** State of the lowering of one schema. */
export class Lowering {
	readonly dialect: SchemaDialect;
	readonly root: JsonObject;
	readonly rootPath = new SchemaPath();
	/** True for a draft that ignores all keywords beside `$ref`: draft 7 and earlier. */
	readonly ignoresRefSiblings: boolean;
	readonly losses: Loss[] = [];
	/** Targets of the references that are being replaced. */
	readonly active = new Set<string>();
	/** Properties that are not required, on the way to the current schema. */
	optionalProperties = 0;
	/** Text that comparisons of alternatives may still read. */
	readonly reading = readingBudget();
	/** Numbers of the values of this schema, for comparisons. */
	readonly ids = new ValueIds();
	readonly #counts = { wider: 0, narrower: 0 };
	#copied = 0;
	#depth = 0;

	constructor(root: JsonObject, dialect: SchemaDialect) {
		this.root = root;
		this.dialect = dialect;
		this.ignoresRefSiblings = typeof root.$schema === "string" && /draft-0[3467]\b/.test(root.$schema.slice(0, 200));
	}

	/** Calls a function one level deeper. */
	nested<T>(path: SchemaPath, work: () => T): T {
		if (++this.#depth > MAX_DEPTH) throw this.invalid(path, `the schema is nested deeper than ${MAX_DEPTH} levels; flatten it`);
		const result = work();
		this.#depth--;
		return result;
	}

	/** Counts a value that the lowered schema holds once more. */
	copy(value: JsonValue, path: SchemaPath): void {
		const rest: JsonValue[] = [value];
		for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
			this.#copied += typeof next === "string" ? next.length + 2 : 4;
			if (Array.isArray(next)) for (const item of next) rest.push(item);
			else if (typeof next === "object" && next !== null) {
				for (const [name, member] of Object.entries(next)) {
					this.#copied += name.length + 3;
					rest.push(member);
				}
			}
			if (this.#copied > MAX_COPIED) {
				throw this.invalid(path, `with its references replaced the schema is longer than ${MAX_COPIED} characters; use fewer references`);
			}
		}
	}

	/** Records a loss. */
	downgrade(path: SchemaPath, effect: Loss["effect"], detail: string): void {
		if (++this.#counts[effect] <= MAX_DOWNGRADES) this.losses.push({ path, effect, detail });
	}

	/** Returns the error for a schema that is wrong in itself. */
	invalid(path: SchemaPath, message: string): SchemaRefusal {
		return new SchemaRefusal("invalid_request", path, message);
	}

	/** Returns the error for a schema that the dialect cannot express. */
	cannot(path: SchemaPath, message: string): SchemaRefusal {
		return cannotExpress(this.dialect, path, message);
	}
}

/** Returns the refusal of a schema that a dialect cannot express. */
export function cannotExpress({ name }: SchemaDialect, path: SchemaPath, message: string): SchemaRefusal {
	return new SchemaRefusal("missing_capabilities", path, `${name} ${message}`);
}
