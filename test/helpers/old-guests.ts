import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
import { HOST_INTERFACES } from "../../generated/abi/component/lowering/index.ts";
import { relationOf } from "../../src/abi/component/abi-version.ts";
import { ROOT } from "./guest.ts";

const FOLDER = `${ROOT}test/abi/component/__fixtures__/`;

/** A component that was built against an earlier version of the ABI, and is never built again. */
export interface OldGuest {
	/** Version of `spear:ai`. */
	readonly version: string;
	/** Name of its files. */
	readonly name: string;
	readonly bytes: Uint8Array;
}

/** SHA-256 of each component, unpacked. A component with another checksum was built again, and proves nothing about old guests. */
const CHECKSUMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	"0.1.0": {
		"all-families.wasm.br": "c06c0edf9c10b417f25a0022412f54db07fee39d14adbcac6b1a18e5da004f88",
		"chat-stream.wasm": "52175a6ca4b11f64a580df97c52952ab87e0918c93904cc17d95e7a2d0f03a56",
		"log-line.wasm": "ca8030c9cea80e890d3418203b3bde239cf5fff92748e60265d126d5e227d84d",
	},
};

/** The kept components of all versions. */
export const KEPT_GUESTS: readonly OldGuest[] = Object.entries(CHECKSUMS).flatMap(([version, files]) =>
	Object.entries(files).map(([file, checksum]) => read(version, file, checksum)),
);

/** Returns true for a guest that the host of today has to run. */
export function isRunnable({ version }: OldGuest): boolean {
	return relationOf(version, HOST_INTERFACES[0]?.version ?? "") === "compatible";
}

/** Returns the latest kept component of that name that the host of today has to run. */
export function oldGuest(name: string): OldGuest {
	const found = KEPT_GUESTS.findLast((guest) => guest.name === name && isRunnable(guest));
	if (found === undefined) throw new Error(`there is no kept guest ${name} for this version of the ABI; build it, and keep it`);
	return found;
}

function read(version: string, file: string, checksum: string): OldGuest {
	const stored = readFileSync(`${FOLDER}spear-ai-${version}/${file}`);
	const bytes = file.endsWith(".br") ? brotliDecompressSync(stored) : stored;
	if (createHash("sha256").update(bytes).digest("hex") !== checksum)
		throw new Error(`${file} of ${version} is not the component that was kept`);
	return { version, name: file.replace(/\..*$/, ""), bytes };
}
