/**
 * `spear-hostcall/guest/schema`: JSON Schema and validators, with the type of what they accept. Needs no interface of the host.
 */
import type { Request } from "spear:ai/cchat@0.1.0";

/** JSON Schema, in the keywords that types are inferred from and values are checked by. Others are passed to the model alone. */
export interface JsonSchema {
	readonly type?: TypeName | readonly TypeName[];
	readonly description?: string;
	readonly properties?: Readonly<Record<string, JsonSchema>>;
	readonly required?: readonly string[];
	readonly additionalProperties?: boolean | JsonSchema;
	readonly items?: JsonSchema;
	readonly enum?: readonly unknown[];
	readonly const?: unknown;
	readonly anyOf?: readonly JsonSchema[];
	readonly minimum?: number;
	readonly maximum?: number;
	readonly minLength?: number;
	readonly maxLength?: number;
	readonly minItems?: number;
	readonly maxItems?: number;
	readonly [keyword: string]: unknown;
}

type TypeName = "string" | "number" | "integer" | "boolean" | "null" | "object" | "array";

/**
 * A validator of any library that follows Standard Schema, such as zod, valibot or arktype.
 *
 * @see https://standardschema.dev
 */
export interface StandardSchema<Output = unknown> {
	readonly "~standard": {
		readonly version: 1;
		readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
		readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
		/** Conversion to JSON Schema, in libraries that follow Standard JSON Schema too. */
		readonly jsonSchema?: { readonly input: (options: { readonly target: string }) => Record<string, unknown> };
	};
}

type StandardResult<Output> =
	| { readonly value: Output; readonly issues?: undefined }
	| { readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[] };

/** A schema of either kind. */
export type Schema = JsonSchema | StandardSchema;

/**
 * Type of the values that a schema accepts. Write a JSON Schema as a literal, in the call or with `as const`.
 *
 *     const PART = { type: "object", properties: { sku: { type: "string" } }, required: ["sku"] } as const;
 *     type Part = Infer<typeof PART>; // { sku: string }
 */
export type Infer<S> = S extends StandardSchema<infer Output> ? Output : FromJsonSchema<S>;

type FromJsonSchema<S> = S extends { readonly const: infer Value }
	? Value
	: S extends { readonly enum: readonly (infer Value)[] }
		? Value
		: S extends { readonly anyOf: readonly (infer Each)[] }
			? FromJsonSchema<Each>
			: S extends { readonly type: infer Name }
				? Name extends readonly (infer Each)[]
					? FromType<Each, S>
					: FromType<Name, S>
				: unknown;

type FromType<Name, S> = Name extends "string"
	? string
	: Name extends "number" | "integer"
		? number
		: Name extends "boolean"
			? boolean
			: Name extends "null"
				? null
				: Name extends "array"
					? S extends { readonly items: infer Items }
						? FromJsonSchema<Items>[]
						: unknown[]
					: Name extends "object"
						? FromObject<S>
						: unknown;

type FromObject<S> = S extends { readonly properties: infer Properties }
	? Flat<
			{ -readonly [K in keyof Properties as K extends RequiredOf<S> ? K : never]: FromJsonSchema<Properties[K]> } & {
				-readonly [K in keyof Properties as K extends RequiredOf<S> ? never : K]?: FromJsonSchema<Properties[K]>;
			}
		>
	: Record<string, unknown>;

type RequiredOf<S> = S extends { readonly required: readonly (infer Name)[] } ? Name : never;
type Flat<T> = { [K in keyof T]: T[K] };

/** A value that a schema refuses. */
export class SchemaError extends Error {
	override readonly name = "SchemaError";
	/** Every fault, beginning with its place, such as `count: it must be at least 1`. */
	readonly issues: readonly string[];

	constructor(issues: readonly string[]) {
		super(issues.join("; "));
		this.issues = issues;
	}
}

/**
 * Returns a value as the type of its schema.
 *
 * @throws SchemaError for a value that the schema refuses. TypeError for a validator that is asynchronous.
 */
export function check<const S extends Schema>(schema: S, value: unknown): Infer<S>;
export function check(schema: Schema, value: unknown): unknown {
	if (!isStandard(schema)) {
		const issues = faultsOf(schema, value, "");
		if (issues.length > 0) throw new SchemaError(issues);
		return value;
	}
	const result = schema["~standard"].validate(value);
	if (result instanceof Promise) throw new TypeError("the validator is asynchronous; a guest needs one that is not");
	if (result.issues === undefined) return result.value;
	throw new SchemaError(result.issues.map(({ message, path = [] }) => placed(path.map(keyOf).join("."), message)));
}

/**
 * Returns the value of JSON text as the type of its schema. Text around the JSON, such as a fence of Markdown, is left out.
 *
 * @throws SchemaError for text without JSON, and as `check`.
 */
export function parse<const S extends Schema>(schema: S, text: string): Infer<S> {
	return check(schema, jsonIn(text));
}

/**
 * Returns the JSON Schema of a schema, for a model. A validator has one if its library follows Standard JSON Schema.
 *
 * @returns `undefined` for a validator without one.
 */
export function jsonSchemaOf(schema: Schema): Record<string, unknown> | undefined {
	return isStandard(schema) ? schema["~standard"].jsonSchema?.input({ target: "draft-2020-12" }) : schema;
}

/** Returns the form of an answer that a schema describes. For a validator without JSON Schema: any JSON object. */
export function jsonFormat(schema: Schema, name = "answer"): NonNullable<Request["responseFormat"]> {
	const json = jsonSchemaOf(schema);
	return json === undefined ? { tag: "json-object" } : { tag: "json-schema", val: { name, schema: JSON.stringify(json) } };
}

function isStandard(schema: Schema): schema is StandardSchema {
	return "~standard" in schema;
}

function keyOf(step: unknown): string {
	return String(typeof step === "object" && step !== null && "key" in step ? step.key : step);
}

function placed(place: string, message: string): string {
	return place === "" ? message : `${place}: ${message}`;
}

function jsonIn(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (thrown) {
		const start = text.search(/[[{]/);
		const end = Math.max(text.lastIndexOf("}"), text.lastIndexOf("]"));
		try {
			if (start >= 0 && end > start) return JSON.parse(text.slice(start, end + 1));
		} catch {
			// The first error tells more.
		}
		throw new SchemaError([`the text is no JSON: ${thrown instanceof Error ? thrown.message : thrown}`]);
	}
}

function faultsOf(schema: JsonSchema, value: unknown, place: string): string[] {
	const wrong = (message: string): string[] => [placed(place, `it must be ${message}`)];
	const { type, anyOf } = schema;
	if ("const" in schema && !same(schema.const, value)) return wrong(JSON.stringify(schema.const));
	if (schema.enum !== undefined && !schema.enum.some((each) => same(each, value)))
		return wrong(`one of ${schema.enum.map((each) => JSON.stringify(each)).join(", ")}`);
	if (type !== undefined) {
		const names = typeof type === "string" ? [type] : type;
		if (!names.some((name) => isOfType(name, value))) return wrong(`of type ${names.join(" or ")}`);
	}
	if (anyOf !== undefined) {
		const tried = anyOf.map((each) => faultsOf(each, value, place));
		if (tried.every((each) => each.length > 0)) return tried[0] ?? [];
	}
	if (typeof value === "number" || typeof value === "string" || Array.isArray(value)) {
		const [low, high, unit] =
			typeof value === "number"
				? ["minimum", "maximum", ""]
				: typeof value === "string"
					? ["minLength", "maxLength", " characters"]
					: ["minItems", "maxItems", " items"];
		const size = typeof value === "number" ? value : value.length;
		const [least, most] = [schema[low], schema[high]];
		if (typeof least === "number" && size < least) return wrong(`at least ${least}${unit}`);
		if (typeof most === "number" && size > most) return wrong(`at most ${most}${unit}`);
	}
	if (Array.isArray(value)) {
		const { items } = schema;
		return items === undefined ? [] : value.flatMap((each, index) => faultsOf(items, each, `${place}[${index}]`));
	}
	return typeof value === "object" && value !== null ? faultsOfMembers(schema, value, place) : [];
}

function faultsOfMembers({ properties = {}, required = [], additionalProperties }: JsonSchema, value: object, place: string): string[] {
	const at = (name: string): string => (place === "" ? name : `${place}.${name}`);
	const faults = required.filter((name) => !Object.hasOwn(value, name)).map((name) => `${at(name)}: it is missing`);
	for (const [name, member] of Object.entries(value)) {
		const schema = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
		if (schema === false) faults.push(`${at(name)}: there is no such member`);
		else if (typeof schema === "object") faults.push(...faultsOf(schema, member, at(name)));
	}
	return faults;
}

function isOfType(name: TypeName, value: unknown): boolean {
	if (name === "null") return value === null;
	if (name === "array") return Array.isArray(value);
	if (name === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
	return name === "integer" ? Number.isInteger(value) : typeof value === name;
}

function same(left: unknown, right: unknown): boolean {
	return left === right || JSON.stringify(left) === JSON.stringify(right);
}
