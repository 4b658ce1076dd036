import { agent } from "./agent.ts";
import { check, type Infer, type Schema, SchemaError } from "./schema.ts";

/** Schemas of what a guest takes and answers. */
export interface JsonAgentSchemas<I extends Schema, O extends Schema> {
	readonly input: I;
	readonly output: O;
}

/**
 * Returns the `run` export of a guest whose input and answer are JSON, of the schemas that the guest declares.
 *
 * ```ts
 * import { jsonAgent } from "spear-hostcall/guest";
 *
 * export const run = jsonAgent(
 * 	{
 * 		input: { type: "object", properties: { words: { type: "array", items: { type: "string" } } }, required: ["words"] },
 * 		output: { type: "object", properties: { count: { type: "integer" } }, required: ["count"] },
 * 	},
 * 	({ words }) => ({ count: words.length }),
 * );
 * ```
 *
 * Input that is no JSON, or that its schema refuses, fails the run before `body` begins, and the message has every fault. So does an answer that its
 * schema refuses. A host sends a value by `agent.runJson`, and receives one by `run.json`. Otherwise as `agent`.
 */
export function jsonAgent<const I extends Schema, const O extends Schema>(
	{ input, output }: JsonAgentSchemas<I, O>,
	body: (input: Infer<I>) => Infer<O> | Promise<Infer<O>>,
): (input: string) => string {
	const print = (answer: Infer<O>): string => JSON.stringify(checked("answer", output, answer));
	return agent((text) => {
		const answer = body(checked("input", input, parsedInput(text)));
		return answer instanceof Promise ? answer.then(print) : print(answer);
	});
}

function parsedInput(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (thrown) {
		throw new SchemaError([`the input is no JSON: ${thrown instanceof Error ? thrown.message : thrown}`]);
	}
}

function checked<const S extends Schema>(name: string, schema: S, value: unknown): Infer<S> {
	try {
		return check(schema, value);
	} catch (thrown) {
		if (thrown instanceof SchemaError) throw new SchemaError(thrown.issues.map((issue) => `${name}: ${issue}`));
		throw thrown;
	}
}
