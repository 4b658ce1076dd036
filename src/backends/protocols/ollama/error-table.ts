import type { ErrorRow } from "../../kit/http/error-table.ts";

/**
 * The rows in order; the first that applies counts. Errors have no words for programs, except the mark `signin` of those with a `signin_url`, and an error within a stream has no status. None of
 * these messages begins with text of a request.
 *
 * @see https://docs.ollama.com/api/errors
 * @see https://github.com/ollama/ollama/blob/main/server/routes.go
 * @see https://github.com/ollama/ollama/issues/11320 (images of an unknown format)
 */
export const ROWS: readonly ErrorRow[] = [
	// A model of Ollama's cloud, at a local server that is not signed in. The server's other models need no key.
	{ mark: "signin", means: "model" },
	{ message: /server busy, please try again/i, means: "overloaded" },
	{ message: /(?:llm server )?loading model/i, means: "overloaded" },
	// Other models may need less memory, and models that are loaded now are unloaded later.
	{ message: /model requires more (?:system )?memory/i, means: "overloaded" },
	{ message: /timed out waiting for (?:llama|llm|ollama)/i, means: "timeout" },
	{ message: /you(?:'ve| have) reached your (?:\w+ )?usage limit/i, means: "quota" },
	{ message: /ollama cloud is disabled/i, means: "model" },
	{ message: /model ['"][^'"]{1,300}['"] not found/i, means: "model" },
	{ message: /\S{1,300} does not support \w/i, means: "model" },
	// The status is 500, and the request's images are at fault.
	{ message: /(?:failed to create new sequence: )?failed to process inputs: image: unknown format/i, means: "request" },
	{ message: /(?:failed to create new sequence: )?failed to process inputs: invalid image/i, means: "request" },
	{ message: /the input length exceeds the context length/i, means: "request" },
	{ status: 499, means: "failure" },
];
