import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import { isAnything, own } from "./keywords.ts";
import type { Lowering } from "./lowering.ts";
import { replace } from "./normalize.ts";
import type { SchemaPath } from "./path.ts";
import { unionKeyword } from "./unions.ts";

/**
 * Returns the schema of a list as the dialect demands it: with `items`, and without tuples if there are none. A list whose items may each
 * match any place of the tuple takes its place. Returns the same object if nothing changes.
 */
export function withItems(lowering: Lowering, schema: JsonObject, path: SchemaPath): JsonObject {
	const { dialect } = lowering;
	const places = own(schema, "prefixItems");
	if (Array.isArray(places) && dialect.otherKeywords !== "keep" && !dialect.keywords.has("prefixItems")) {
		return asList(lowering, schema, places, path);
	}
	const needsItems = dialect.needsItems === true && own(schema, "type") === "array" && !Object.hasOwn(schema, "items");
	return needsItems && !Array.isArray(places) ? { ...schema, items: {} } : schema;
}

function asList(lowering: Lowering, schema: JsonObject, places: readonly JsonValue[], path: SchemaPath): JsonObject {
	const longest = own(schema, "maxItems");
	const rest = own(schema, "items");
	const isClosed = rest === false || (typeof longest === "number" && longest <= places.length);
	if (!isClosed && (rest === undefined || isAnything(rest)))
		lowering.downgrade(path, "narrower", "items after those that prefixItems lists are restricted like these");
	const distinct = lowering.ids.distinct(isClosed || rest === undefined || isAnything(rest) ? places : [...places, rest]);
	const [only] = distinct;
	if (distinct.length > 1) lowering.downgrade(path, "wider", "the places of a tuple are sent as items in any order");
	const items = distinct.length === 1 && only !== undefined ? only : { [unionKeyword(lowering)]: distinct };
	const list = replace(schema, ["prefixItems", "items"], { items });
	if (!isClosed) return list;
	return { ...list, maxItems: Math.min(places.length, typeof longest === "number" ? longest : places.length) };
}
