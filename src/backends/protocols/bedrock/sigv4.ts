import { SpearError } from "../../../errors/spear-error.ts";
import { AwsSha256 } from "../../../formats/aws-sha256.ts";
import type { RequestSigner, SignableRequest } from "../../../transport/http/request-signer.ts";
import type { ReadVariable } from "../../backend.ts";
import { installCommand, installedPackage, missingPackage, type PackageSource } from "../../kit/optional-package.ts";

/** Name of the optional package that signs requests. */
const PACKAGE = "@smithy/signature-v4";

/** Version that this release is tested with. */
const VERSION = "5.7.5";

/** The installed package. */
export const INSTALLED_SIGNER: PackageSource = installedPackage(PACKAGE);

/** Returns the remedy for a package that is not installed, as the end of a sentence. */
export const missingSigner = (): string => missingPackage(PACKAGE, VERSION);

/** The part of the package that signs. */
type Signing = Pick<typeof import("@smithy/signature-v4"), "SignatureV4">;

/** Names of the variables or paths of the files with the credentials, and the region of the upstream. */
export interface SigV4Credentials {
	/** Region of the upstream, such as `us-east-1`. */
	readonly region: string;
	/** Variable or file that holds the id of the access key. The key of a request is the secret access key. */
	readonly accessKeyId: string;
	/** Variable or file that holds the session token of temporary credentials. Absent: none. */
	readonly sessionToken: string | undefined;
}

export interface SigV4Options extends SigV4Credentials {
	readonly variable: ReadVariable;
	/** Time of a signature. The default is the time of the call. */
	readonly now?: () => Date;
	/** The optional package. The default is the installed one. */
	readonly source?: PackageSource;
}

/**
 * Returns the signer of Amazon's requests. `@smithy/signature-v4` is an optional package, loaded for the first request. The hash is that of
 * Node. Only the host and the type of the content are signed beside the body, because a proxy may change other headers.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function sigV4({
	region,
	accessKeyId: idSource,
	sessionToken: tokenSource,
	variable,
	now = () => new Date(),
	source = INSTALLED_SIGNER,
}: SigV4Options): RequestSigner {
	const token = (): string | undefined => (tokenSource === undefined ? undefined : variable(tokenSource));
	return {
		secrets: () => [token()].filter((secret) => secret !== undefined),
		async sign({ method, url, contentType, body, secret }: SignableRequest) {
			const accessKeyId = variable(idSource);
			const sessionToken = token();
			if (accessKeyId === undefined) throw missingCredentials("access key", idSource);
			if (secret === undefined) throw missingCredentials("access key", "api_key_env");
			if (tokenSource !== undefined && sessionToken === undefined) throw missingCredentials("session token", tokenSource);
			const { SignatureV4 } = await loaded(source);
			const signer = new SignatureV4({
				service: "bedrock",
				region,
				credentials: { accessKeyId, secretAccessKey: secret, ...(sessionToken === undefined ? {} : { sessionToken }) },
				sha256: AwsSha256,
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

async function loaded(source: PackageSource): Promise<Signing> {
	let cause: unknown;
	try {
		const module = await source.import();
		if (isSigning(module)) return module;
	} catch (thrown) {
		cause = thrown;
	}
	throw new SpearError(
		"backend_error",
		`the backend's requests are signed with the package ${PACKAGE}, which could not be loaded; its operator must install it (${installCommand(PACKAGE, VERSION)})`,
		{ retryable: false, attribution: "backend", processed: "no", cause },
	);
}

function isSigning(module: unknown): module is Signing {
	return typeof module === "object" && module !== null && "SignatureV4" in module && typeof module.SignatureV4 === "function";
}

/** @param name Name of the variable or of the option, for the log alone. */
function missingCredentials(what: string, name: string): SpearError {
	return new SpearError("backend_error", `the host has no ${what} for the backend; its operator must check the environment variables`, {
		retryable: false,
		attribution: "credentials",
		processed: "no",
		cause: new Error(`${name} is not set`),
	});
}
