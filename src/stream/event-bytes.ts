/**
 * The least size of an event in a queue, in bytes. Otherwise many small events would take more memory than the sum of their contents
 * shows.
 */
export const MIN_EVENT_BYTES = 64;

/** The member that names the case of a variant. */
const CASE = "type";

/**
 * Returns the size of an event in a queue, in bytes: its texts as UTF-8 and its binary data. Names of members and cases, numbers and
 * flags are left out, so that the size of an audio event is that of its audio. Linear in the event, for any depth.
 */
export function eventBytes(event: object): number {
	let bytes = 0;
	const open: unknown[] = [event];
	while (open.length > 0) {
		const value = open.pop();
		if (typeof value === "string") bytes += Buffer.byteLength(value);
		else if (ArrayBuffer.isView(value)) bytes += value.byteLength;
		else if (Array.isArray(value)) for (const item of value) open.push(item);
		else if (typeof value === "object" && value !== null)
			for (const [name, member] of Object.entries(value)) if (name !== CASE) open.push(member);
	}
	return Math.max(bytes, MIN_EVENT_BYTES);
}
