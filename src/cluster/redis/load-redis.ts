import { importOptionalPackage, optionalPackage } from "../../packages/optional-package.ts";
import { packageManifest } from "../../packages/package-manifest.ts";
import type { RedisClient } from "./redis-connection.ts";

/** Package that talks to the server. */
export const REDIS_PACKAGE = "ioredis";

/** Command that installs the package. */
export const REDIS_INSTALL = `npm install ${REDIS_PACKAGE}@${packageManifest().peers.get(REDIS_PACKAGE) ?? "6"}`;

/** Returns true if the package is installed. */
export function hasRedisPackage(): boolean {
	return optionalPackage(REDIS_PACKAGE) !== undefined;
}

/** Returns the client of the package. @throws Error if the package is not installed, or does not load. */
export async function loadRedis(): Promise<RedisClient> {
	const module = await importOptionalPackage(REDIS_PACKAGE);
	const client = typeof module === "object" && module !== null && "Redis" in module ? module.Redis : undefined;
	if (isClient(client)) return client;
	throw new Error(`the package ${REDIS_PACKAGE} has no client of the expected name`);
}

function isClient(value: unknown): value is RedisClient {
	return typeof value === "function";
}
