/**
 * `spear-hostcall/guest/structured`: answers and tools of a schema, typed. Requires a world with `cchat`.
 */
import { type Answer, type Chat, type ChatOptions, type Content, chat } from "./chat.ts";
import { describe } from "./errors.ts";
import { check, type Infer, jsonFormat, jsonSchemaOf, parse, type Schema, SchemaError } from "./schema.ts";
import type { Tool } from "./tool.ts";

/** Options of {@link generate}. */
export interface GenerateOptions<S extends Schema> extends Omit<ChatOptions, "responseFormat"> {
	/** A JSON Schema, or a validator that follows Standard Schema. */
	readonly schema: S;
	/** Message of the user. */
	readonly prompt: Content;
	/** Name of the schema, for the upstream. The default is `answer`. */
	readonly schemaName?: string;
	/** Number of answers that are asked for until one has the form of the schema. After a wrong one, the model receives its faults. The default is 2. */
	readonly attempts?: number;
}

/** A value that a model made, and the answer that contains the value. */
export interface Generated<T> {
	readonly value: T;
	readonly answer: Answer;
}

/**
 * Asks a model for a value of a schema, and checks the value.
 *
 * ```ts
 * const { value } = generate({
 * 	prompt: input,
 * 	schema: { type: "object", properties: { city: { type: "string" }, days: { type: "integer", minimum: 1 } }, required: ["city"] },
 * });
 * value.city.toUpperCase(); // a string
 * ```
 *
 * With zod: `generate({ prompt: input, schema: z.object({ city: z.string() }) })`.
 *
 * @throws SchemaError if no attempt has the form of the schema. HostcallError as the host refuses or fails a request.
 */
export function generate<const S extends Schema>({
	schema,
	prompt,
	schemaName,
	attempts = 2,
	...options
}: GenerateOptions<S>): Generated<Infer<S>> {
	const conversation: Chat = chat({ ...options, responseFormat: jsonFormat(schema, schemaName) });
	let content = prompt;
	// `using` would add a kilobyte to every guest.
	try {
		for (let attempt = 1; ; attempt += 1) {
			const answer = conversation.ask(content);
			try {
				return { value: parse(schema, answer.text), answer };
			} catch (thrown) {
				if (!(thrown instanceof SchemaError) || attempt >= attempts) throw thrown;
				content = `The answer does not have the required form: ${describe(thrown)}. Answer again, with the JSON alone.`;
			}
		}
	} finally {
		conversation[Symbol.dispose]();
	}
}

/** A tool whose arguments are checked by a schema. */
export interface TypedTool<S extends Schema> extends Omit<Tool, "parameters" | "run"> {
	/** Schema of the arguments. */
	readonly schema: S;
	/** Runs the tool with arguments that the schema accepts. */
	run(args: Infer<S>): unknown;
}

/**
 * Returns a tool whose arguments have the type of their schema. The model receives the faults of other arguments as the output of a failed call.
 *
 * ```ts
 * const stock = typedTool({
 * 	name: "stock",
 * 	schema: { type: "object", properties: { sku: { type: "string" } }, required: ["sku"] },
 * 	run: ({ sku }) => ({ sku, count: 12 }),
 * });
 * ```
 */
export function typedTool<const S extends Schema>({ schema, run, ...rest }: TypedTool<S>): Tool<unknown> {
	return { ...rest, parameters: jsonSchemaOf(schema) ?? { type: "object" }, run: (args) => run(check(schema, args)) };
}
