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
		else if (isRecord(value)) {
			// Without the list of lists that `Object.entries` makes: this is called for each event of each stream.
			for (const name in value) {
				const member = value[name];
				if (typeof member === "string" && name !== CASE) bytes += Buffer.byteLength(member);
				else if (typeof member === "object" && member !== null && name !== CASE) open.push(member);
			}
		}
	}
	return Math.max(bytes, MIN_EVENT_BYTES);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null;
}
