import type * as cchat from "../../../../generated/ir/cchat.ts";
import { guestName } from "../../../errors/guest-name.ts";
import { audioPart } from "../chat/user-parts.ts";
import { invalid, unsupported } from "../errors.ts";
import { Fields, textAt, typeName } from "../fields.ts";
import { mediaOfDataUrl, mediaOfUrl } from "../media.ts";

/** Returns content that may hold media. */
export function inputParts(item: Fields, name: string): cchat.ContentPart[] {
	return partsOf(item, name, Object.keys(READERS));
}

/** Returns content that is text only. */
export function inputTexts(item: Fields, name: string): cchat.ContentPart[] {
	return partsOf(item, name, ["input_text"]);
}

function partsOf(item: Fields, name: string, types: readonly string[]): cchat.ContentPart[] {
	const value = item.any(name);
	const path = item.at(name);
	if (typeof value === "string") return [{ type: "text", text: textAt(value, path) }];
	if (!Array.isArray(value)) throw invalid(path, `must be a string or a list of parts, not ${typeName(value ?? null)}`);
	return value.map((each, index) => {
		const part = new Fields(each, `${path}[${index}]`);
		const type = part.requiredText("type");
		const read = types.includes(type) && Object.hasOwn(READERS, type) ? READERS[type] : undefined;
		if (read === undefined) throw unsupported(part.at("type"), `must be one of ${types.join(", ")}, not "${guestName(type)}"`);
		const content = read(part);
		part.assertNoRest();
		return content;
	});
}

const DETAILS: readonly cchat.ImageDetail[] = ["auto", "low", "high"];

const READERS: { readonly [type: string]: (part: Fields) => cchat.ContentPart } = {
	input_text: (part) => ({ type: "text", text: part.requiredText("text") }),
	input_image(part) {
		refuseFileId(part);
		const source = mediaOfUrl(part.requiredText("image_url"), part.at("image_url"));
		const detail = part.oneOf("detail", DETAILS);
		return { type: "image", image: detail === undefined ? { source } : { source, detail } };
	},
	input_audio: (part) => ({ type: "audio", audio: audioPart(part.requiredFields("input_audio")) }),
	input_file(part) {
		refuseFileId(part);
		const url = part.text("file_url");
		const data = part.text("file_data");
		const filename = part.text("filename");
		if ((url === undefined) === (data === undefined)) throw invalid(part.at("file_data"), "either file_data or file_url is required");
		const source = url === undefined ? mediaOfDataUrl(data ?? "", part.at("file_data")) : mediaOfUrl(url, part.at("file_url"));
		return { type: "file", file: filename === undefined ? { source } : { source, filename } };
	},
};

function refuseFileId(part: Fields): void {
	if (part.any("file_id") !== undefined) throw unsupported(part.at("file_id"), "this server keeps no files; send the bytes as a data URL");
}
