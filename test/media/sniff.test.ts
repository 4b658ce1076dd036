import { test } from "uvu";
import * as assert from "uvu/assert";
import { SNIFF_BYTES, sniffMediaType } from "../../src/media/sniff.ts";

const latin1 = (text: string): Uint8Array => Buffer.from(text, "latin1");
const utf8 = (text: string): Uint8Array => Buffer.from(text, "utf8");

/** Start of an Ogg page: 26 bytes of header, the number of segments, the length of one segment, and the packet. */
const oggPage = (packet: string): Uint8Array => latin1(`OggS\0\x02${"\0".repeat(20)}\x01\x13${packet}`);

/** Header of a Matroska file: the version, then the document type. */
const ebml = (type: string): Uint8Array =>
	latin1(`\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82${String.fromCharCode(0x80 + type.length)}${type}`);

const ftyp = (brand: string): Uint8Array => latin1(`\0\0\0\x20ftyp${brand}\0\0\x02\0`);

const FORMATS: readonly (readonly [name: string, bytes: Uint8Array, expected: string])[] = [
	["PNG", latin1("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"), "image/png"],
	["JPEG", latin1("\xff\xd8\xff\xe0\0\x10JFIF"), "image/jpeg"],
	["GIF 87", latin1("GIF87a\x01\0"), "image/gif"],
	["GIF 89", latin1("GIF89a\x01\0"), "image/gif"],
	["WebP", latin1("RIFF\x24\0\0\0WEBPVP8 "), "image/webp"],
	["WAV", latin1("RIFF\x24\0\0\0WAVEfmt "), "audio/wav"],
	["AVI, a RIFF format without a media type here", latin1("RIFF\x24\0\0\0AVI LIST"), "application/octet-stream"],
	["MP3 with a tag", latin1("ID3\x04\0\0\0\0\0\0"), "audio/mpeg"],
	["MP3 without a tag", latin1("\xff\xfb\x90\x64\0"), "audio/mpeg"],
	["MP3 of MPEG 2", latin1("\xff\xf3\x84\xc4\0"), "audio/mpeg"],
	["bytes that begin like MP3 but have no valid bitrate", latin1("\xff\xfb\xf0\0"), "application/octet-stream"],
	["AAC", latin1("\xff\xf1\x50\x80\0"), "audio/aac"],
	["Opus", oggPage("OpusHead\x01\x02"), "audio/ogg"],
	["Vorbis", oggPage("\x01vorbis"), "audio/ogg"],
	["Theora", oggPage("\x80theora"), "video/ogg"],
	["FLAC", latin1("fLaC\0\0\0\x22"), "audio/flac"],
	["MP4", ftyp("isom"), "video/mp4"],
	["M4A", ftyp("M4A "), "audio/mp4"],
	["QuickTime", ftyp("qt  "), "video/quicktime"],
	["AVIF", ftyp("avif"), "image/avif"],
	["HEIC", ftyp("heic"), "image/heic"],
	["WebM", ebml("webm"), "video/webm"],
	["Matroska", ebml("matroska"), "video/x-matroska"],
	["PDF", latin1("%PDF-1.7\n%\xe2\xe3"), "application/pdf"],
	["a JSON object", utf8('\n {"a": 1}'), "application/json"],
	["a JSON array", utf8('["é"]'), "application/json"],
	["text in brackets", utf8("[note] hello"), "text/plain"],
	["text in braces", utf8("{hello}"), "text/plain"],
	["text", utf8("Grüße, 世界\r\n\tend"), "text/plain"],
	["bytes with a NUL", utf8("text\0text"), "application/octet-stream"],
	["text that is not UTF-8", latin1("caf\xe9 au lait"), "application/octet-stream"],
	["no bytes", new Uint8Array(0), "application/octet-stream"],
	["random bytes", Uint8Array.of(0x13, 0x37, 0x00, 0xff), "application/octet-stream"],
];

for (const [name, bytes, expected] of FORMATS) {
	test(`the media type of ${name} is ${expected}`, () => {
		assert.is(sniffMediaType(bytes, true), expected);
	});
}

test("an incomplete text is text/plain when its last character is cut", () => {
	const text = utf8(`${"a".repeat(SNIFF_BYTES - 1)}é`).subarray(0, SNIFF_BYTES);
	assert.is(sniffMediaType(text, false), "text/plain");
	assert.is(sniffMediaType(text, true), "application/octet-stream");
});

test("an incomplete text is application/json when it begins like JSON", () => {
	for (const json of ['{"messages": [', "[ [1, 2", "[-1,", '["', "[true,", "{}"])
		assert.is(sniffMediaType(utf8(json), false), "application/json");
	for (const other of ["[note] and", "{ hello", "(1)"]) assert.is(sniffMediaType(utf8(other), false), "text/plain");
});

test("every prefix of every format has a media type", () => {
	for (const [, bytes] of FORMATS) {
		for (let length = 0; length <= bytes.length; length++) assert.type(sniffMediaType(bytes.subarray(0, length), false), "string");
	}
});

test.run();
