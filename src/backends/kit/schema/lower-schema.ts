import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { addToTally, checkBounds, emptyTally, type SchemaTally } from "./bounds.ts";
import { Definitions } from "./definitions.ts";
import type { SchemaDialect } from "./dialect.ts";
import { isSchemaObject, own } from "./keywords.ts";
import { NodeLowering } from "./lower-node.ts";
import { type Loss, Lowering, SchemaRefusal } from "./lowering.ts";
import { replace } from "./normalize.ts";
import type { SchemaPath } from "./path.ts";
import { References } from "./references.ts";
import { rootOf } from "./root.ts";

/** A loss of a lowered schema. */
export interface SchemaDowngrade extends Pick<Loss, "effect" | "detail"> {
	/** Path of the schema, such as `tools[0].parameters.properties.city`. */
	readonly path: string;
}

/** A schema in a vendor's dialect. */
export interface LoweredSchema {
	/** The original object if nothing changes. */
	readonly schema: JsonObject;
	/** Losses. Empty: exactly the values that are valid under the original are valid under this schema. */
	readonly downgrades: readonly SchemaDowngrade[];
}

export interface LowerSchemaOptions {
	/** Text after each path in messages, such as ` (tool "find")`. The default is none. */
	readonly suffix?: string;
	/** Sizes of the other schemas of the request. The default is none. */
	readonly tally?: SchemaTally;
}

/**
 * Returns a JSON Schema in a vendor's dialect. Reads any draft from 4 to 2020-12. The cost is linear in the schema, and bounded for
 * schemas that refer to themselves. The same object is lowered once for each dialect, so its content must not change afterwards.
 *
 * ```ts
 * lowerSchema({ type: "object", properties: { city: { type: "string", minLength: 2 } } }, OPENAI_STRICT, "tools[0].parameters");
 * ```
 *
 * @param path Path of the schema in the request, for messages.
 * @throws SpearError `invalid_request` for a text that is no JSON Schema; `missing_capabilities` for a schema that the dialect cannot
 * express. The message names the path and tells what to do.
 */
export function lowerSchema(
	schema: JsonObject,
	dialect: SchemaDialect | "as-is",
	path: string,
	{ suffix = "", tally = emptyTally() }: LowerSchemaOptions = {},
): LoweredSchema {
	if (dialect === "as-is") return { schema, downgrades: [] };
	try {
		const lowered = lowerOnce(schema, dialect);
		addToTally(dialect, lowered.size, tally);
		return {
			schema: lowered.schema,
			downgrades: lowered.losses.map(({ path: at, effect, detail }) => ({ path: at.under(path), effect, detail })),
		};
	} catch (thrown) {
		if (!(thrown instanceof SchemaRefusal)) throw thrown;
		throw new SpearError(thrown.code, `${thrown.path.under(path)}${suffix}: ${thrown.message}`);
	}
}

/** A lowered schema, wherever it stands in a request. */
interface Lowered {
	readonly schema: JsonObject;
	readonly losses: readonly Loss[];
	readonly size: SchemaTally;
}

/** Results by schema. Rules and the backend both ask for the schemas of a request. */
const results = new WeakMap<JsonObject, Map<SchemaDialect, Lowered | SchemaRefusal>>();

function lowerOnce(schema: JsonObject, dialect: SchemaDialect): Lowered {
	const known = results.get(schema) ?? new Map<SchemaDialect, Lowered | SchemaRefusal>();
	results.set(schema, known);
	const result = known.get(dialect) ?? resultOf(schema, dialect);
	known.set(dialect, result);
	if (result instanceof SchemaRefusal) throw result;
	return result;
}

function resultOf(schema: JsonObject, dialect: SchemaDialect): Lowered | SchemaRefusal {
	try {
		const lowering = new Lowering(schema, dialect);
		const lowered = dialect.references.form === "untouched" ? inPlace(lowering) : withDefinitions(lowering);
		return { schema: lowered, losses: lowering.losses, size: checkBounds(lowering, lowered) };
	} catch (thrown) {
		if (thrown instanceof SchemaRefusal) return thrown;
		throw thrown;
	}
}

function inPlace(lowering: Lowering): JsonObject {
	const references = new References(lowering);
	const root = rootOf(lowering, references, lowering.root);
	return asSchema(new NodeLowering(lowering, references, new Definitions()).lower(root.schema, lowering.rootPath, true));
}

/** Lowers the schema, and then each definition that it needs. Definitions do not nest, so a long chain of them is no deep recursion. */
function withDefinitions(lowering: Lowering): JsonObject {
	const references = new References(lowering);
	const definitions = new Definitions();
	const nodes = new NodeLowering(lowering, references, definitions);
	const { schema, targets } = rootOf(lowering, references, lowering.root);
	const isWhole = schema === lowering.root;
	const bare = Object.hasOwn(schema, "$defs") || Object.hasOwn(schema, "definitions") ? replace(schema, ["$defs", "definitions"]) : schema;
	for (const pointer of targets) lowering.active.add(pointer);
	const lowered = asSchema(nodes.lower(bare, lowering.rootPath, true));
	lowering.active.clear();
	const entries: [string, JsonValue][] = [];
	for (const { name, pointer, schema: target } of definitions.all) {
		nodes.definition = name;
		const original = pointer === "" ? replace(lowering.root, ["$id"]) : target;
		entries.push([name, nodes.lower(original, pathOf(lowering, pointer))]);
	}
	checkRecursion(lowering, definitions);
	if (entries.length === 0) return isWhole && lowered === bare && bare === schema ? schema : lowered;
	const present = own(schema, "$defs");
	const isSame =
		isWhole &&
		lowered === bare &&
		isSchemaObject(present) &&
		!Object.hasOwn(schema, "definitions") &&
		Object.keys(present).length === entries.length &&
		entries.every(([name, definition]) => own(present, name) === definition);
	return isSame ? schema : { ...lowered, $defs: Object.fromEntries(entries) };
}

function pathOf({ rootPath }: Lowering, pointer: string): SchemaPath {
	const steps = pointer === "" ? [] : pointer.slice(1).split("/");
	return steps.reduce((path, step) => path.at(step), rootPath);
}

function checkRecursion(lowering: Lowering, definitions: Definitions): void {
	const { recursion } = lowering.dialect.references;
	if (recursion === "any") return;
	const name = definitions.recursive(recursion === "optional");
	if (name === undefined) return;
	const where = name === "" ? "the outermost schema" : `the definition "${name}"`;
	throw lowering.cannot(
		lowering.rootPath,
		recursion === "optional"
			? `accepts schemas that contain themselves only in properties that are not required, unlike ${where}`
			: `accepts no schema that contains itself, as ${where} does; bound the depth by separate definitions`,
	);
}

function asSchema(value: JsonValue): JsonObject {
	return isSchemaObject(value) ? value : {};
}
