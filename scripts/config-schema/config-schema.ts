import { isTable, type Schema, tableOf } from "./schema-values.ts";

/** Names that the host's schema leaves to later checks, because they depend on the build. */
export interface BuildNames {
	readonly operations: readonly string[];
	readonly features: readonly string[];
	/** Schemas of the options, by kind. */
	readonly kinds: ReadonlyMap<string, Schema>;
}

/** Members that are tables by operation. */
const BY_OPERATION = new Set(["routes", "operation_limits"]);

/** Draft of the schema. Editors of TOML read no later one. */
const DRAFT = "http://json-schema.org/draft-07/schema#";

/**
 * Returns the schema of `spear.toml` for editors: the one that the host validates with, with the names of operations and features, and with
 * the options of each kind.
 *
 * A schema beside `$ref` is merged into what it refers to, because the draft ignores it there.
 */
export function editorSchema(host: Schema, { operations, features, kinds }: BuildNames): Schema {
	const { $defs, $id: _id, $schema: _schema, $comment: _comment, ...root } = host;
	const definitions = tableOf($defs);
	const convert = (value: unknown, name = ""): unknown => {
		if (Array.isArray(value)) return value.map((item) => convert(item));
		if (!isTable(value)) return value;
		if (typeof value.$ref === "string") {
			const [target = ""] = value.$ref.split("/").slice(-1);
			const { $ref: _ref, ...beside } = value;
			if (Object.keys(beside).length === 0) return { $ref: `#/definitions/${target}` };
			return convert({ ...tableOf(definitions[target]), ...beside });
		}
		const inner = Object.fromEntries(
			Object.entries(value).map(([key, member]) => [key, key === "properties" ? convertEach(tableOf(member)) : convert(member)]),
		);
		if (BY_OPERATION.has(name)) return byOperation(inner);
		if (name === "operations") return { ...inner, items: { enum: operations } };
		if (name === "features") return { ...inner, items: { enum: features } };
		return inner;
	};
	const convertEach = (table: Schema): Schema =>
		Object.fromEntries(Object.entries(table).map(([key, member]) => [key, convert(member, key)]));
	const byOperation = ({ propertyNames: _names, additionalProperties, ...rest }: Schema): Schema => ({
		...rest,
		additionalProperties: false,
		properties: Object.fromEntries(operations.map((operation) => [operation, additionalProperties])),
	});
	const { BackendConfig, ...others } = convertEach(definitions);
	return {
		$schema: DRAFT,
		$comment: "Made by `npm run schema -- --write`. Do not edit.",
		...tableOf(convert(root)),
		title: "spear.toml",
		definitions: {
			...others,
			BackendConfig: withKinds(tableOf(BackendConfig), [...kinds.keys()]),
			...Object.fromEntries([...kinds].map(([kind, schema]) => [optionsName(kind), schema])),
		},
	};
}

/**
 * Adds the kinds to the schema of a backend. `if` validates the options of the kind, with the fault at its place. `anyOf` accepts any options,
 * and is there for editors that complete from it but not from `if`. Modules of `[host] kinds` may have further kinds.
 */
function withKinds(backend: Schema, kinds: readonly string[]): Schema {
	const properties = tableOf(backend.properties);
	const refTo = (kind: string): Schema => ({ $ref: `#/definitions/${optionsName(kind)}` });
	const rules = kinds.reduceRight<Schema | undefined>(
		(otherwise, kind) => ({
			if: { required: ["kind"], properties: { kind: { const: kind } } },
			// biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
			then: { properties: { options: refTo(kind) } },
			...(otherwise === undefined ? {} : { else: otherwise }),
		}),
		undefined,
	);
	return {
		...backend,
		properties: {
			...properties,
			kind: { ...tableOf(properties.kind), anyOf: [{ enum: kinds }, { type: "string" }] },
			options: { ...tableOf(properties.options), anyOf: [...kinds.map(refTo), {}] },
		},
		...rules,
	};
}

/** Returns the name of the definition with the options of a kind: `OptionsOpenaiCompatible`. */
function optionsName(kind: string): string {
	return `Options${kind.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}`;
}
