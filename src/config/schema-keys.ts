import schema from "../../generated/schema/config.schema.json" with { type: "json" };
import type { ConfigPath } from "./config-path.ts";

interface SchemaNode {
	readonly title?: string;
	readonly type?: string;
	readonly description?: string;
	readonly $ref?: string;
	readonly properties?: Readonly<Record<string, SchemaNode>>;
	readonly additionalProperties?: SchemaNode | boolean;
	readonly items?: SchemaNode;
	readonly oneOf?: readonly SchemaNode[];
	readonly enum?: readonly string[];
}

const ROOT: SchemaNode = schema;

/** Returns the keys that the schema defines for the table at a path. */
export function keysAt(path: ConfigPath): string[] {
	let nodes = forms(ROOT);
	for (const step of path) {
		nodes = nodes.flatMap(({ properties, additionalProperties, items }) => {
			const next =
				typeof step === "number"
					? items
					: (own(properties, step) ?? (typeof additionalProperties === "object" ? additionalProperties : undefined));
			return next === undefined ? [] : forms(next);
		});
	}
	return nodes.flatMap(({ properties }) => Object.keys(properties ?? {}));
}

/** Returns the tables of the top level that have a key of this name. */
export function tablesWith(key: string): string[] {
	return keysAt([]).filter((table) => keysAt([table]).includes(key));
}

/** Returns a property that the schema defines. `constructor` and its like, which every object inherits, are none. */
function own(properties: SchemaNode["properties"], name: string): SchemaNode | undefined {
	return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** Returns the forms that a value may have, with references resolved. */
function forms(node: SchemaNode): SchemaNode[] {
	const definitions: Readonly<Record<string, SchemaNode>> = schema.$defs;
	const target = node.$ref === undefined ? node : (definitions[node.$ref.replace("#/$defs/", "")] ?? {});
	return target.oneOf === undefined ? [target] : target.oneOf.flatMap(forms);
}
