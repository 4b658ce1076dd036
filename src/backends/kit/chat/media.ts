import type { BackendContext, MediaContent } from "../../../../generated/backends/backend.ts";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type * as types from "../../../../generated/ir/types.ts";
import { isOneSlice, turnBeforeSlice } from "../../../async/slices.ts";
import { guestName } from "../../../errors/guest-name.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { essenceOf, isMediaType } from "../../../formats/media-type.ts";

/** Bytes in the form that a request carries. */
export interface InlineBytes {
	readonly mimeType: string;
	readonly base64: string;
}

/** Most media of one request, in bytes. The host holds the bytes in memory, and a third more as base64. */
const MAX_INLINE_BYTES = 50 * 1024 * 1024;

/**
 * Form of images that a request names by URL. `url`: the upstream fetches the image. `bytes`: the host fetches it, by its policy for URLs.
 */
export type ImageUrls = "url" | "bytes";

/**
 * Returns the conversation with media as bytes where the upstream accepts only bytes: stored objects, and URLs of audio and files. A conversation
 * without media is returned itself, at once.
 *
 * @param imageUrls The default is `url`.
 * @throws SpearError `invalid_request` if the bytes exceed {@link MAX_INLINE_BYTES}; the error of a reference that cannot be opened.
 */
export function withMedia(
	messages: cchat.Message[],
	context: Pick<BackendContext, "media" | "signal">,
	imageUrls: ImageUrls = "url",
): cchat.Message[] | Promise<cchat.Message[]> {
	if (isOneSlice(messages) && !messages.some(({ content }) => content.some(isMedia))) return messages;
	return withResolved(messages, context, imageUrls);
}

async function withResolved(
	messages: readonly cchat.Message[],
	context: Pick<BackendContext, "media" | "signal">,
	imageUrls: ImageUrls,
): Promise<cchat.Message[]> {
	let room = MAX_INLINE_BYTES;
	const bytesOf = async (source: types.MediaRef, path: string): Promise<types.MediaRef> => {
		const data = source.type === "inline" ? source.inline : await read(await context.media.open(source, context.signal), room, path);
		room -= data.data.byteLength;
		if (room < 0) throw tooMuch(path);
		return { type: "inline", inline: data };
	};
	const resolved: cchat.Message[] = [];
	for (const [at, message] of messages.entries()) {
		const turn = turnBeforeSlice(at);
		if (turn !== undefined) await turn;
		if (!message.content.some(isMedia)) {
			resolved.push(message);
			continue;
		}
		const content: cchat.ContentPart[] = [];
		for (const [index, part] of message.content.entries())
			content.push(await withBytes(part, `messages[${at}].content[${index}]`, { bytesOf, imageUrls }));
		resolved.push({ ...message, content });
	}
	return resolved;
}

function isMedia({ type }: cchat.ContentPart): boolean {
	return type === "image" || type === "audio" || type === "file";
}

async function withBytes(
	part: cchat.ContentPart,
	path: string,
	{
		bytesOf,
		imageUrls,
	}: { readonly bytesOf: (source: types.MediaRef, path: string) => Promise<types.MediaRef>; readonly imageUrls: ImageUrls },
): Promise<cchat.ContentPart> {
	switch (part.type) {
		case "image":
			if (part.image.source.type === "url" && imageUrls === "url") return part;
			return { type: "image", image: { ...part.image, source: await bytesOf(part.image.source, `${path}.image.source`) } };
		case "audio":
			return { type: "audio", audio: { ...part.audio, source: await bytesOf(part.audio.source, `${path}.audio.source`) } };
		case "file":
			return { type: "file", file: { ...part.file, source: await bytesOf(part.file.source, `${path}.file.source`) } };
		default:
			return part;
	}
}

async function read(content: MediaContent, room: number, path: string): Promise<types.InlineMedia> {
	if (content.size !== undefined && content.size > room) throw tooMuch(path);
	return { data: await content.bytes(room), mime_type: content.mimeType };
}

function tooMuch(path: string): SpearError {
	return new SpearError(
		"invalid_request",
		`${path}: a request to this backend carries at most ${MAX_INLINE_BYTES} bytes of media; send less`,
	);
}

/** Returns the URL of a reference, or a `data:` URL with its bytes. `path` names the reference in errors. */
export function urlOf(source: types.MediaRef, path: string): string {
	if (source.type === "url") return source.url;
	const { mimeType, base64 } = inlineOf(source, path);
	return `data:${mimeType};base64,${base64}`;
}

/**
 * Returns the bytes of a reference that {@link withMedia} has read.
 *
 * @throws SpearError `invalid_request` if the media type is not valid.
 */
export function inlineOf(source: types.MediaRef, path: string): InlineBytes {
	if (source.type !== "inline") throw new SpearError("internal", `${path}: the bytes of this reference were not read`);
	const { data, mime_type } = source.inline;
	// Upstreams do not understand data URLs with parameters such as codecs.
	const mimeType = essenceOf(mime_type);
	if (!isMediaType(mimeType) || mimeType.includes("#"))
		throw new SpearError("invalid_request", `${path}: "${guestName(mime_type)}" is not a media type such as image/png`);
	return { mimeType, base64: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64") };
}
