import { malformed } from "./byte-reader.ts";

const COMPONENT = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];
const CORE_MODULE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** Bytes before the first section. */
export const PREAMBLE_BYTES = COMPONENT.length;

/** Returns true if the bytes begin like a component, not like a core module or anything else. */
export function isComponent(bytes: Uint8Array): boolean {
	return COMPONENT.every((byte, index) => bytes[index] === byte);
}

/** Returns true if the bytes begin like a core module of version 1. */
export function isCoreModule(bytes: Uint8Array): boolean {
	return CORE_MODULE.every((byte, index) => bytes[index] === byte);
}

/**
 * Refuses bytes that do not begin like a component.
 *
 * @throws SpearError `invalid_request`, with what to do about a core module.
 */
export function requireComponent(bytes: Uint8Array): void {
	if (isComponent(bytes)) return;
	throw malformed(
		isCoreModule(bytes)
			? "it is a core WebAssembly module; wrap it into a component first (`jco new`, or build the guest with `spear build`)"
			: bytes.length === 0
				? "it is empty; build the guest with `spear build`, or copy the file again"
				: "it does not begin like a WebAssembly component; build the guest with `spear build`",
	);
}
