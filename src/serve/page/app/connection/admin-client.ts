import type { ErrorAnswer } from "../../../admin/api.ts";

/**
 * Failure of a request to the admin API.
 *
 * - `unauthorized`: the key is missing or wrong.
 * - `off`: the server has no admin API.
 * - `missing`: the object is not there.
 * - `unreachable`: no answer came.
 * - `refused`: any other answer.
 */
export class AdminFailure extends Error {
	readonly kind: "unauthorized" | "off" | "missing" | "unreachable" | "refused";

	constructor(kind: AdminFailure["kind"], message: string) {
		super(message);
		this.kind = kind;
	}
}

/** Time after which a request counts as unanswered, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** Sends requests to the admin API of the server that served the page. The key is in a header, never in a URL. */
export class AdminClient {
	readonly #key: string;

	constructor(key: string) {
		this.#key = key;
	}

	/**
	 * Returns the answer of a path below `admin/v1/`.
	 *
	 * @throws AdminFailure
	 */
	async get<T>(path: string, signal?: AbortSignal): Promise<T> {
		const timeout = AbortSignal.timeout(TIMEOUT_MS);
		const response = await this.open(path, {}, signal === undefined ? timeout : AbortSignal.any([signal, timeout]));
		try {
			const answer: T = await response.json();
			return answer;
		} catch (thrown) {
			throw new AdminFailure("unreachable", `the answer ended early: ${textOf(thrown)}`);
		}
	}

	/**
	 * Returns the successful response of a path, before its body.
	 *
	 * @throws AdminFailure
	 */
	async open(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
		let response: Response;
		try {
			response = await fetch(`admin/v1/${path}`, {
				headers: { ...headers, authorization: `Bearer ${this.#key}` },
				cache: "no-store",
				credentials: "omit",
				redirect: "error",
				referrerPolicy: "no-referrer",
				signal,
			});
		} catch (thrown) {
			const isLate = thrown instanceof Error && thrown.name === "TimeoutError";
			throw new AdminFailure("unreachable", isLate ? `no answer came in ${TIMEOUT_MS / 1_000} s` : "the server cannot be reached");
		}
		if (response.ok) return response;
		throw await failureOf(response);
	}
}

async function failureOf(response: Response): Promise<AdminFailure> {
	const error = await errorOf(response);
	const message = error?.message ?? `the server answered with status ${response.status}`;
	if (response.status === 401) return new AdminFailure("unauthorized", message);
	if (response.status !== 404) return new AdminFailure("refused", message);
	// A server without the admin API does not know any of its paths.
	return new AdminFailure(
		error?.param === undefined && /\/(?:status|events)$/.test(new URL(response.url).pathname) ? "off" : "missing",
		message,
	);
}

async function errorOf(response: Response): Promise<ErrorAnswer["error"] | undefined> {
	try {
		const answer: Partial<ErrorAnswer> | null = await response.json();
		return answer?.error;
	} catch {
		return undefined;
	}
}

function textOf(thrown: unknown): string {
	return thrown instanceof Error ? thrown.message : String(thrown);
}
