import type { Random } from "./random.ts";

/** Bytes at the limits of LEB128 numbers, and opcodes and sections that matter. */
const BYTES = [
	0x00, 0x01, 0x02, 0x03, 0x05, 0x07, 0x08, 0x0a, 0x0b, 0x10, 0x11, 0x3f, 0x40, 0x41, 0x60, 0x68, 0x69, 0x6f, 0x70, 0x7e, 0x7f, 0x80, 0xff,
];
const NUMBERS = [-1, 0, 1, 2, 7, 63, 64, 1_000, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 53, 1.5, 1e300];

/** Returns bytes with some changes. `donor` lends parts. */
export function mutateBytes(bytes: Uint8Array, donor: Uint8Array, random: Random): Uint8Array {
	let mutated: Uint8Array = bytes.slice();
	for (let changes = random.oneIn(2) ? 1 : 1 + random.below(4); changes > 0; changes -= 1) mutated = mutateOnce(mutated, donor, random);
	return mutated;
}

function mutateOnce(bytes: Uint8Array, donor: Uint8Array, random: Random): Uint8Array {
	const at = random.below(bytes.length);
	const end = Math.min(bytes.length, at + 1 + random.below(random.oneIn(4) ? 64 : 4));
	// Most changes keep the length: others break the lengths of sections, and little of the rest is reached.
	switch (random.below(16)) {
		case 0:
		case 1:
		case 2:
		case 3:
		case 4:
		case 5:
			return joined(bytes.subarray(0, at), [(bytes[at] ?? 0) ^ (1 << random.below(8))], bytes.subarray(at + 1));
		case 6:
		case 7:
		case 8:
			return joined(bytes.subarray(0, at), [random.pick(BYTES)], bytes.subarray(at + 1));
		case 9:
		case 10:
			return joined(bytes.subarray(0, at), [(bytes[at] ?? 0) + random.pick([-1, 1])], bytes.subarray(at + 1));
		case 11:
			return joined(bytes.subarray(0, at), [random.pick(BYTES)], bytes.subarray(at));
		case 12:
			return joined(bytes.subarray(0, at), bytes.subarray(end));
		case 13:
			return joined(bytes.subarray(0, end), bytes.subarray(at));
		default: {
			const from = random.below(donor.length);
			return joined(bytes.subarray(0, at), donor.subarray(from, from + end - at), bytes.subarray(random.oneIn(2) ? end : at));
		}
	}
}

function joined(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
	return new Uint8Array(Buffer.concat(parts.map((part) => Uint8Array.from(part))));
}

/** Returns JSON data with some changes: nodes are replaced by others, left out, doubled, renamed or renumbered. */
export function mutateData(data: unknown, random: Random): unknown {
	const copy: unknown = structuredClone(data);
	for (let changes = 1 + random.below(3); changes > 0; changes -= 1) mutateNode(copy, random);
	return copy;
}

interface Place {
	readonly holder: object;
	readonly key: string;
}

function mutateNode(data: unknown, random: Random): void {
	const places: Place[] = [];
	collect(data, places);
	if (places.length === 0) return;
	const { holder, key } = random.pick(places);
	const value: unknown = Reflect.get(holder, key);
	switch (random.below(6)) {
		case 0: {
			const other = random.pick(places);
			Reflect.set(holder, key, structuredClone(Reflect.get(other.holder, other.key)));
			return;
		}
		case 1:
			if (Array.isArray(holder)) holder.splice(Number(key), 1);
			else Reflect.deleteProperty(holder, key);
			return;
		case 2:
			if (Array.isArray(holder)) holder.splice(random.below(holder.length + 1), 0, structuredClone(value));
			else Reflect.set(holder, random.pick(["then", "constructor", "run", "step", "trampoline", "guest", "__proto__x"]), value);
			return;
		case 3:
			Reflect.set(holder, key, random.pick<unknown>([null, "", "memory", "__spear_meter", [], {}, true, random.pick(NUMBERS)]));
			return;
		default:
			Reflect.set(holder, key, typeof value === "number" ? value + random.pick([-1, 1, 1, 2]) : random.pick(NUMBERS));
	}
}

function collect(value: unknown, places: Place[]): void {
	if (typeof value !== "object" || value === null) return;
	for (const key of Object.keys(value)) {
		places.push({ holder: value, key });
		collect(Reflect.get(value, key), places);
	}
}
