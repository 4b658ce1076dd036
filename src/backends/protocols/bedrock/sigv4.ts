import { createHash, createHmac } from "node:crypto";
import { SpearError } from "../../../errors/spear-error.ts";
import type { RequestSigner, SignableRequest } from "../../../transport/http/request-signer.ts";
import type { ReadVariable } from "../../backend.ts";

/** Names of the variables with the credentials, and the region of the upstream. */
export interface SigV4Credentials {
	/** Region of the upstream, such as `us-east-1`. */
	readonly region: string;
	/** Variable that holds the id of the access key. The key of a request is the secret access key. */
	readonly accessKeyIdEnv: string;
	/** Variable that holds the session token of temporary credentials. Absent: none. */
	readonly sessionTokenEnv: string | undefined;
}

export interface SigV4Options extends SigV4Credentials {
	readonly variable: ReadVariable;
	/** Time of a signature. The default is the time of the call. */
	readonly now?: () => Date;
	/** Imports the optional package. The default is the installed one. */
	readonly load?: () => Promise<Pick<typeof import("@smithy/signature-v4"), "SignatureV4">>;
}

/**
 * Returns the signer of Amazon's requests. `@smithy/signature-v4` is an optional package, loaded for the first request. The hash is that of
 * Node. Only the host and the type of the content are signed beside the body, because a proxy may change other headers.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function sigV4({
	region,
	accessKeyIdEnv,
	sessionTokenEnv,
	variable,
	now = () => new Date(),
	load = installed,
}: SigV4Options): RequestSigner {
	const token = (): string | undefined => (sessionTokenEnv === undefined ? undefined : variable(sessionTokenEnv));
	return {
		secrets: () => [token()].filter((secret) => secret !== undefined),
		async sign({ method, url, contentType, body, secret }: SignableRequest) {
			const accessKeyId = variable(accessKeyIdEnv);
			const sessionToken = token();
			if (accessKeyId === undefined || secret === undefined) throw missingCredentials("access key");
			if (sessionTokenEnv !== undefined && sessionToken === undefined) throw missingCredentials("session token");
			const { SignatureV4 } = await loaded(load);
			const signer = new SignatureV4({
				service: "bedrock",
				region,
				credentials: { accessKeyId, secretAccessKey: secret, ...(sessionToken === undefined ? {} : { sessionToken }) },
				sha256: Sha256,
			});
			const { headers } = await signer.sign(
				{
					method,
					protocol: url.protocol,
					hostname: url.hostname,
					path: url.pathname,
					headers: { host: url.host, ...(contentType === undefined ? {} : { "content-type": contentType }) },
					body,
				},
				{ signingDate: now() },
			);
			const { host: _, ...signed } = headers;
			return signed;
		},
	};
}

const installed = () => import("@smithy/signature-v4");

async function loaded(load: NonNullable<SigV4Options["load"]>): Promise<Pick<typeof import("@smithy/signature-v4"), "SignatureV4">> {
	try {
		return await load();
	} catch (cause) {
		throw new SpearError(
			"backend_error",
			"the backend's requests are signed with the package @smithy/signature-v4, which could not be loaded; its operator must install it (npm install @smithy/signature-v4)",
			{ retryable: false, attribution: "backend", processed: "no", cause },
		);
	}
}

function missingCredentials(what: string): SpearError {
	return new SpearError("backend_error", `the host has no ${what} for the backend; its operator must check the environment variables`, {
		retryable: false,
		attribution: "credentials",
		processed: "no",
	});
}

/** SHA-256 or, with a secret, its HMAC. */
class Sha256 {
	readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

	constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
		this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
	}

	update(data: string | ArrayBuffer | ArrayBufferView): void {
		this.#hash.update(bytesOf(data));
	}

	async digest(): Promise<Uint8Array> {
		return this.#hash.digest();
	}
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
	if (typeof data === "string") return Buffer.from(data);
	return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
}
