import { setTimeout as sleep } from "node:timers/promises";
import { SpearError } from "../../../../errors/spear-error.ts";
import { BytesClient, type BytesResponse } from "../../../../transport/http/bytes-client.ts";
import type { Network } from "../../../../transport/network.ts";
import { elementOf, S3Error } from "./s3-error.ts";
import type { S3Settings } from "./s3-settings.ts";
import type { SignRequest } from "./s3-signer.ts";

/** Most bytes of an answer that holds no content. */
const MAX_XML_BYTES = 65_536;

/** Most attempts of a request, and the pause before the second in milliseconds, which doubles. */
const ATTEMPTS = { max: 3, firstPauseMs: 200 } as const;

/** Statuses after which the same request may succeed. */
const RETRIED: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** Longest duration of an attempt, in milliseconds. */
const TIMEOUT_MS = 60_000;

export interface S3ClientOptions {
	readonly settings: S3Settings;
	readonly sign: SignRequest;
	readonly network: Network;
	/** Longest duration of an attempt, in milliseconds. The default is a minute. */
	readonly timeoutMs?: number;
	/** Pause before the second attempt, in milliseconds. The default is 200. */
	readonly firstPauseMs?: number;
}

export interface S3Call {
	/** Words for the log. */
	readonly action: string;
	readonly method: "GET" | "PUT" | "POST" | "DELETE";
	/** Key below the prefix. `undefined` for the bucket. */
	readonly key: string | undefined;
	readonly query?: Readonly<Record<string, string>>;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: Uint8Array;
	/** Most bytes of the answer. The default fits an answer without content. */
	readonly maxBytes?: number;
}

/** Sends signed requests to a bucket. Repeats those that fail by chance: each request here may be carried out twice. */
export class S3Client {
	readonly #settings: S3Settings;
	readonly #sign: SignRequest;
	readonly #client: BytesClient;
	readonly #bucketUrl: URL;
	readonly #firstPauseMs: number;

	constructor({ settings, sign, network, timeoutMs = TIMEOUT_MS, firstPauseMs = ATTEMPTS.firstPauseMs }: S3ClientOptions) {
		this.#settings = settings;
		this.#sign = sign;
		this.#firstPauseMs = firstPauseMs;
		this.#bucketUrl = bucketUrl(settings);
		this.#client = new BytesClient(this.#bucketUrl, { network, timeoutMs, maxConnections: 64 });
	}

	/** Returns the key of a content in the bucket. */
	keyOf(key: string): string {
		return `${this.#settings.prefix}/${key}`;
	}

	/** @throws S3Error for every status that is no success, and for a server that cannot be reached. */
	async send(call: S3Call): Promise<BytesResponse> {
		for (let attempt = 1; ; attempt += 1) {
			try {
				return await this.#attempt(call);
			} catch (thrown) {
				if (attempt === ATTEMPTS.max || !isRetried(thrown)) throw thrown;
				await sleep(this.#firstPauseMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
			}
		}
	}

	close(): Promise<void> {
		return this.#client.close();
	}

	async #attempt({ action, method, key, query = {}, headers = {}, body, maxBytes = MAX_XML_BYTES }: S3Call): Promise<BytesResponse> {
		const url = new URL(this.#bucketUrl);
		if (key !== undefined) url.pathname = `${url.pathname.replace(/\/$/, "")}/${this.keyOf(key)}`;
		for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
		const length = body === undefined ? {} : { "content-length": `${body.byteLength}` };
		const signed = await this.#sign({ method, url, headers: { ...headers, ...length }, body });
		// The signature encodes a query as RFC 3986 does, and a URL encodes blanks and others in another way.
		const parts = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
		const path = `${url.pathname}${parts.length === 0 ? "" : `?${parts.join("&")}`}`;
		const answer = await this.#client
			.send({ method, path, headers: signed, maxBytes: Math.max(maxBytes, MAX_XML_BYTES), ...(body === undefined ? {} : { body }) })
			.catch((cause: unknown) => {
				throw cause instanceof SpearError && cause.code === "cancelled" ? cause : new S3Error(action, { cause });
			});
		const { status } = answer;
		if (status >= 200 && status <= 299) return answer;
		const code = elementOf(answer.body.subarray(0, MAX_XML_BYTES).toString("utf8"), "Code");
		const hint = status >= 300 && status <= 399 ? "; redirects are not followed: check endpoint and region of [media.s3]" : "";
		throw new S3Error(action, { status, code, hint });
	}
}

function isRetried(thrown: unknown): boolean {
	return thrown instanceof S3Error && (thrown.status === undefined || RETRIED.has(thrown.status));
}

function bucketUrl({ endpoint, bucket, pathStyle }: S3Settings): URL {
	const url = new URL(endpoint);
	if (pathStyle) url.pathname = `/${bucket}`;
	else url.hostname = `${bucket}.${endpoint.hostname}`;
	return url;
}
