import type { ConfigFault } from "../serve/admin/api.ts";

/** A failed request to the admin API. */
export class AdminError extends Error {
	override readonly name = "AdminError";
	/** Status of the answer. Absent if the server was not reached, or its answer was cut. */
	readonly status: number | undefined;
	/** Kind of the failure as the server tells it, e.g. `unauthenticated`; `unreachable` without an answer. */
	readonly code: string;
	/** Parameter or field at fault. Absent for none. */
	readonly param: string | undefined;
	/** Faults of a configuration. Empty unless the code is `invalid_config`. */
	readonly faults: readonly ConfigFault[];
	/** Time to wait before another try, in milliseconds. Absent if the server names none. */
	readonly retryAfterMs: number | undefined;

	constructor(
		message: string,
		code: string,
		more: Partial<Pick<AdminError, "status" | "param" | "faults" | "retryAfterMs">> & { readonly cause?: unknown } = {},
	) {
		super(message, more.cause === undefined ? undefined : { cause: more.cause });
		this.code = code;
		this.status = more.status;
		this.param = more.param;
		this.faults = more.faults ?? [];
		this.retryAfterMs = more.retryAfterMs;
	}

	/** True if the same request may succeed later: no answer, too many requests, or a fault of the server. */
	get retryable(): boolean {
		return this.status === undefined || this.status === 429 || this.status >= 500;
	}

	/** Returns the error of a failed answer. */
	static async from(answer: Response): Promise<AdminError> {
		const { status, headers } = answer;
		const seconds = Number(headers.get("retry-after") ?? Number.NaN);
		const more = { status, ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1_000 } : {}) };
		const body: unknown = await answer.json().catch(() => undefined);
		const error = isRecord(body) && isRecord(body.error) ? body.error : undefined;
		if (error === undefined || typeof error.message !== "string" || typeof error.code !== "string")
			return new AdminError(`the server answered with status ${status}; is there an admin API at this URL?`, "unknown", more);
		return new AdminError(error.message, error.code, {
			...more,
			...(typeof error.param === "string" ? { param: error.param } : {}),
			...(Array.isArray(error.faults) ? { faults: error.faults.filter(isFault) } : {}),
		});
	}
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null;
}

function isFault(value: unknown): value is ConfigFault {
	return isRecord(value) && typeof value.path === "string" && typeof value.message === "string";
}
