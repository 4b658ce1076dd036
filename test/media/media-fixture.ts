import { mkdtempSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type * as types from "../../generated/ir/types.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { GuestMedia, type GuestMediaOptions } from "../../src/media/guest-media.ts";
import type { MediaSettings } from "../../src/media/media-settings.ts";
import { MediaStore } from "../../src/media/store.ts";
import { scratch } from "../helpers/guest.ts";

/** A signal that is never aborted. */
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
	/** Clock of the store, in milliseconds since 1970. Tests set it. */
	readonly time: { now: number };
	/** Failures in the background. */
	readonly faults: unknown[];
	/** Returns the media of the guest of that name. */
	guest(name: string, options?: GuestMediaOptions): GuestMedia;
	/** Returns the number of files in each part of the store, after the tasks in the background have settled. */
	files(): Promise<{ blobs: number; objects: number; tmp: number }>;
}

/** Opens a store in a configured directory, so that objects of named guests outlive it. The default is a new directory. */
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

/** Returns `length` bytes. Different seeds give different bytes. */
export function bytesOf(length: number, seed = 0): Uint8Array {
	return Uint8Array.from({ length }, (_, index) => (index * 31 + seed) % 251);
}

export function stored(text: string): types.MediaRef {
	return { type: "stored", stored: text };
}

/** Returns the SpearError that a promise rejects with, as `code: message`. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
	try {
		await promise;
	} catch (thrown) {
		if (thrown instanceof SpearError) return `${thrown.code}: ${thrown.message}`;
		throw thrown;
	}
	throw new Error("the call should have been refused");
}

/** Returns all bytes of a stream. */
export async function gathered(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of stream) chunks.push(chunk);
	return new Uint8Array(Buffer.concat(chunks));
}
