import { hash } from "node:crypto";
import { AwsSha256 } from "../../../../formats/aws-sha256.ts";
import { importOptionalPackage, optionalPackage } from "../../../../packages/optional-package.ts";
import { packageManifest } from "../../../../packages/package-manifest.ts";
import type { S3Credentials } from "./s3-settings.ts";

/** Package that signs requests. */
export const SIGNER_PACKAGE = "@smithy/signature-v4";

/** Command that installs the package. */
export const SIGNER_INSTALL = `npm install ${SIGNER_PACKAGE}@${packageManifest().peers.get(SIGNER_PACKAGE) ?? "5"}`;

/** Returns true if the package is installed. */
export function hasSignerPackage(): boolean {
	return optionalPackage(SIGNER_PACKAGE) !== undefined;
}

/** A request before its signature. */
export interface UnsignedRequest {
	readonly method: string;
	readonly url: URL;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Uint8Array | undefined;
}

/** Returns the headers of a request with its signature. The hash of the body is signed. */
export type SignRequest = (request: UnsignedRequest) => Promise<Readonly<Record<string, string>>>;

/** The part of the package that signs. */
type Signing = Pick<typeof import("@smithy/signature-v4"), "SignatureV4">;

/**
 * Returns the signer of a bucket's requests. @throws Error if the package is not installed, or does not load.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export async function s3Signer(region: string, credentials: S3Credentials): Promise<SignRequest> {
	const module = await importOptionalPackage(SIGNER_PACKAGE);
	if (!isSigning(module)) throw new Error(`the package ${SIGNER_PACKAGE} has no signer of the expected name`);
	// S3 signs the path as it is, other services sign the path encoded once more.
	const signer = new module.SignatureV4({ service: "s3", region, credentials, sha256: AwsSha256, uriEscapePath: false });
	return async ({ method, url, headers, body }) => {
		const signed = await signer.sign({
			method,
			protocol: url.protocol,
			hostname: url.hostname,
			path: url.pathname,
			query: Object.fromEntries(url.searchParams),
			headers: { ...headers, host: url.host, "x-amz-content-sha256": hash("sha256", body ?? "") },
		});
		return signed.headers;
	};
}

function isSigning(module: unknown): module is Signing {
	return typeof module === "object" && module !== null && "SignatureV4" in module && typeof module.SignatureV4 === "function";
}
