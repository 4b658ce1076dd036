import { mkdtempSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type * as types from "../../generated/ir/types.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { GuestMedia, type GuestMediaOptions } from "../../src/media/guest-media.ts";
import type { MediaSettings } from "../../src/media/media-settings.ts";
import { MediaStore } from "../../src/media/store.ts";
import { scratch } from "../helpers/guest.ts";

export const never = new AbortController().signal;

export const SETTINGS: MediaSettings = {
	dir: undefined,
	maxBytes: 1000,
	quotaBytes: 3000,
	maxCallBytes: 500,
	expiresAfterS: 60,
	allowedHosts: [],
	allowPrivateAddresses: false,
};

/** A directory that no other test uses. */
export function freshDirectory(): string {
	return mkdtempSync(join(scratch(), "media-"));
}

export interface Setting {
	readonly store: MediaStore;
	readonly dir: string;
	/** The clock, in milliseconds; to be moved on. */
	readonly time: { now: number };
	/** What went wrong in the background. */
	readonly faults: unknown[];
	/** The media of a guest; of another one for each name. */
	guest(name: string, options?: GuestMediaOptions): GuestMedia;
	/** Files by part of the store: content, records, and what is being written. Waits for what goes on in the background. */
	files(): Promise<{ blobs: number; objects: number; tmp: number }>;
}

/** A store in a directory of its own, whose guests are lasting. */
export async function openStore(more: Partial<MediaSettings> = {}, time = { now: 1_000_000 }): Promise<Setting> {
	const dir = more.dir ?? freshDirectory();
	const faults: unknown[] = [];
	const store = await MediaStore.open({ ...SETTINGS, ...more, dir }, { clock: () => time.now, onFault: (cause) => faults.push(cause) });
	return {
		store,
		dir,
		time,
		faults,
		guest: (name, options) => new GuestMedia(store, { id: name, name: name }, options),
		async files() {
			await store.settled();
			return { blobs: countFiles(join(dir, "blobs")), objects: countFiles(join(dir, "objects")), tmp: countFiles(join(dir, "tmp")) };
		},
	};
}

export function countFiles(path: string): number {
	return readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory()).length;
}

/** So many bytes; different for different seeds. */
export function bytesOf(length: number, seed = 0): Uint8Array {
	return Uint8Array.from({ length }, (_, index) => (index * 31 + seed) % 251);
}

export function stored(text: string): types.MediaRef {
	return { type: "stored", stored: text };
}

/** The error of a failing promise, as `code: message`. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
	try {
		await promise;
	} catch (thrown) {
		if (thrown instanceof SpearError) return `${thrown.code}: ${thrown.message}`;
		throw thrown;
	}
	throw new Error("it should have been refused");
}

/** The bytes of a stream, whole. */
export async function gathered(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of stream) chunks.push(chunk);
	return new Uint8Array(Buffer.concat(chunks));
}
