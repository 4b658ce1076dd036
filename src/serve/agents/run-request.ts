import { exceedsMarks, jsonFault, parseJson } from "../../formats/json.ts";
import { HttpError } from "../http-error.ts";
import { MAX_VALUES } from "../max-values.ts";

/** The request of a run. Times are in milliseconds. */
export interface RunRequest {
	/** Input of the guest. */
	readonly input: string;
	readonly timeoutMs: number | undefined;
	readonly cpuMs: number | undefined;
	/** Form of `output` in the answer: the guest's text, or the JSON value of the text. */
	readonly outputFormat: "text" | "json";
}

/** Longest time that a request may ask for, in milliseconds: a day. Timers of Node end at 24 days. */
const MAX_MS = 86_400_000;

const MEMBERS: readonly string[] = ["input", "timeout_ms", "cpu_ms", "output_format"];

/** Longest part of a member's name in a message, in characters. */
const MAX_SHOWN = 64;

/** Returns the request whose body is the input itself. */
export function plainRunRequest(text: string): RunRequest {
	return { input: text, timeoutMs: undefined, cpuMs: undefined, outputFormat: "text" };
}

/**
 * Parses the JSON body of a run: `{"input": …, "timeout_ms"?, "cpu_ms"?, "output_format"?}`. An input that is no string reaches the guest as JSON text.
 *
 * @throws HttpError 400 that names the member at fault; 413 for too many values.
 */
export function parseRunRequest(text: string): RunRequest {
	const body = membersOf(text, MEMBERS);
	const { output_format = "text" } = body;
	const input = inputOf(body);
	if (output_format !== "text" && output_format !== "json") throw invalid("output_format", 'it must be "text" or "json"');
	return {
		input,
		timeoutMs: timeOf("timeout_ms", body.timeout_ms),
		cpuMs: timeOf("cpu_ms", body.cpu_ms),
		outputFormat: output_format,
	};
}

/**
 * Returns the members of a JSON body.
 *
 * @throws HttpError 400 for a body that is no object, or has a member that is not among the known ones; 413 for too many values.
 */
export function membersOf(text: string, known: readonly string[]): Readonly<Record<string, unknown>> {
	const body = objectOf(text);
	const unknown = Object.keys(body).find((name) => !known.includes(name));
	if (unknown === undefined) return body;
	const name = unknown.slice(0, MAX_SHOWN);
	throw invalid(name, `a run has no member ${JSON.stringify(name)}; it has ${known.join(", ")}`);
}

/** Returns the input of a body. A value that is no string is JSON text. @throws HttpError 400 for a body without one. */
export function inputOf({ input }: Readonly<Record<string, unknown>>): string {
	if (input === undefined) throw invalid("input", "name the input of the agent: a string, or any JSON value");
	return typeof input === "string" ? input : JSON.stringify(input);
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
	if (exceedsMarks(text, MAX_VALUES))
		throw new HttpError(413, "body_too_large", `the body has more than ${MAX_VALUES} values; send the input as a string`);
	let value: unknown;
	try {
		value = parseJson(text);
	} catch (thrown) {
		throw new HttpError(400, "invalid_json", `the body cannot be read: ${jsonFault(thrown)}`);
	}
	if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
	throw new HttpError(400, "invalid_json", 'the body must be a JSON object, e.g. {"input": "hello"}');
}

/** Returns a time of a body. @throws HttpError 400 for a value that is none. */
export function timeOf(name: string, value: unknown): number | undefined {
	if (value === undefined || value === null) return undefined;
	if (typeof value === "number" && value > 0 && value <= MAX_MS) return value;
	throw invalid(name, `it must be a number of milliseconds above 0 and up to ${MAX_MS}`);
}

export function invalid(param: string, message: string): HttpError {
	return new HttpError(400, "invalid_request", `${param}: ${message}`, { param });
}
