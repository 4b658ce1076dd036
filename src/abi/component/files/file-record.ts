import { createHash } from "node:crypto";
import { isRecord } from "../toolchain.ts";

/** Size and checksum of a file, as a manifest lists them. */
export interface FileRecord {
	readonly sha256: string;
	readonly bytes: number;
}

export function fileRecord(content: Uint8Array | string): FileRecord {
	return { sha256: sha256(content), bytes: Buffer.byteLength(content) };
}

export function sha256(content: Uint8Array | string): string {
	return createHash("sha256").update(content).digest("hex");
}

export function isFileRecord(value: unknown): value is FileRecord {
	return (
		isRecord(value) &&
		typeof value.sha256 === "string" &&
		/^[0-9a-f]{64}$/.test(value.sha256) &&
		typeof value.bytes === "number" &&
		Number.isSafeInteger(value.bytes) &&
		value.bytes >= 0
	);
}
