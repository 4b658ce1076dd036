import { join } from "node:path";
import type { Faults } from "../../config/faults.ts";
import type { Settings } from "../../config/settings.ts";
import type { SharedMediaSettings } from "../../config/shared-media-settings.ts";
import { causeChain } from "../../errors/cause-chain.ts";
import { fileFault } from "../../errors/file-fault.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { ObjectStore } from "../../media/object-store.ts";
import { BlockContents } from "../../media/shared/contents/block-contents.ts";
import type { ContentStore } from "../../media/shared/contents/content-store.ts";
import { DirectoryContents } from "../../media/shared/contents/directory-contents.ts";
import { S3Client } from "../../media/shared/contents/s3/s3-client.ts";
import { S3Contents } from "../../media/shared/contents/s3/s3-contents.ts";
import type { S3Credentials } from "../../media/shared/contents/s3/s3-settings.ts";
import { hasSignerPackage, SIGNER_INSTALL, SIGNER_PACKAGE, s3Signer } from "../../media/shared/contents/s3/s3-signer.ts";
import { SharedMediaStore } from "../../media/shared/shared-media-store.ts";
import { MediaStore } from "../../media/store.ts";
import type { Logger } from "../../telemetry/logger.ts";
import type { Network } from "../../transport/network.ts";
import { isSecretFile, type SecretSources } from "../secret-sources.ts";
import type { HostCluster } from "./host-cluster.ts";

/** Access of a host to the place of shared contents. */
export interface MediaAccess {
	/** `undefined` for media of this host alone. */
	readonly shared: SharedMediaSettings | undefined;
	/** Present for a bucket. */
	readonly credentials: S3Credentials | undefined;
	/** Every secret, for the redactor. */
	readonly secrets: readonly string[];
}

/** Returns the access to the place of shared contents. Adds a fault for the package that is missing, and for a key that cannot be used. */
export function mediaAccess({ sharedMedia: shared }: Pick<Settings, "sharedMedia">, secrets: SecretSources, faults: Faults): MediaAccess {
	if (shared?.kind !== "s3") return { shared, credentials: undefined, secrets: [] };
	if (!hasSignerPackage())
		faults.add(["media", "shared"], `needs the package ${SIGNER_PACKAGE}, which is not installed; run: ${SIGNER_INSTALL}`);
	const keyOf = (name: string, member: string): string => {
		const key = secrets.get(name);
		const path = ["media", "s3", `${member}_${isSecretFile(name) ? "file" : "env"}`];
		// A name that is missing has its fault already.
		if (key === undefined && name !== "") faults.add(path, secrets.fault(name) ?? `the environment variable ${name} is not set`);
		return key ?? "";
	};
	const accessKeyId = keyOf(shared.accessKeyName, "access_key");
	const secretAccessKey = keyOf(shared.secretKeyName, "secret_key");
	return { shared, credentials: { accessKeyId, secretAccessKey }, secrets: [accessKeyId, secretAccessKey].filter((key) => key !== "") };
}

export interface OpenMediaOptions {
	readonly settings: Settings;
	readonly access: MediaAccess;
	readonly cluster: HostCluster | undefined;
	readonly network: Network;
	readonly logger: Logger;
}

/**
 * Opens the media of a host.
 *
 * @throws SpearError `invalid_request` for a directory that cannot be used, or that another host uses alone.
 */
export async function openMedia({ settings, access, cluster, network, logger }: OpenMediaOptions): Promise<ObjectStore> {
	const local = await MediaStore.open(settings.media, {
		onFault: (cause) => logger.warn({}, `a file of the media store could not be removed: ${causeChain(cause)}`),
	});
	if (access.shared === undefined || cluster === undefined) return local;
	return new SharedMediaStore({
		local,
		objects: cluster.store.objects,
		contents: await contentsOf(access, { settings, cluster, network }),
		host: cluster.host,
		onFault: (cause) => logger.warn({}, `shared media could not be kept or removed, and the host tries again: ${causeChain(cause)}`),
	});
}

async function contentsOf(
	{ shared, credentials }: MediaAccess,
	{ settings, cluster, network }: Pick<OpenMediaOptions, "settings" | "network"> & { readonly cluster: HostCluster },
): Promise<ContentStore> {
	const { maxBytes, expiresAfterS } = settings.media;
	if (shared?.kind === "directory") return preparedDirectory(shared.dir, settings, expiresAfterS * 1000);
	if (shared?.kind !== "s3" || credentials === undefined) return new BlockContents(cluster.store.blocks, cluster.seal);
	const { endpoint, ...bucket } = shared;
	const sign = await s3Signer(bucket.region, credentials);
	return new S3Contents({ client: new S3Client({ settings: { ...bucket, endpoint: new URL(endpoint) }, sign, network }), maxBytes });
}

/** Returns the contents in a folder of this deployment. Others may use the same directory. */
async function preparedDirectory(dir: string, { cluster }: Settings, lifetimeMs: number): Promise<DirectoryContents> {
	const contents = new DirectoryContents(join(dir, `shared-${cluster?.prefix ?? ""}`), lifetimeMs);
	try {
		await contents.prepare();
	} catch (cause) {
		throw new SpearError(
			"invalid_request",
			`[media] dir: the directory cannot be used: ${fileFault(cause)}; check that the host may write there`,
			{
				cause,
			},
		);
	}
	return contents;
}
