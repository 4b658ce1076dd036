import { randomBytes } from "node:crypto";

const MAX_BYTES = 1024n * 1024n;

function bytes(length: bigint): Uint8Array {
	if (length > MAX_BYTES) throw new RangeError(`a guest asked for ${length} random bytes at once; the host gives at most ${MAX_BYTES}`);
	return new Uint8Array(randomBytes(Number(length)));
}

const u64 = (): bigint => randomBytes(8).readBigUInt64LE();

/** Returns `wasi:random` from the host's secure generator, also where an insecure one would do. */
export function wasiRandom() {
	return {
		"wasi:random/random": { getRandomBytes: bytes, getRandomU64: u64 },
		"wasi:random/insecure": { getInsecureRandomBytes: bytes, getInsecureRandomU64: u64 },
		"wasi:random/insecure-seed": { insecureSeed: (): [bigint, bigint] => [u64(), u64()] },
	};
}
