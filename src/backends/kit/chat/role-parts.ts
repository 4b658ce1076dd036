import type * as cchat from "../../../../generated/ir/cchat.ts";
import { SpearError } from "../../../errors/spear-error.ts";

/** Makes the upstream's form of each part that a user message may have. A part makes several items, or none. */
export interface UserPartMakers<T> {
	text(text: string): readonly T[];
	/** `path` names the part in errors. */
	image(image: cchat.ImagePart, path: string): readonly T[];
	/** Absent: the upstream does not accept audio. */
	audio?(audio: cchat.AudioPart, path: string): readonly T[];
	/** Absent: the upstream does not accept files. */
	file?(file: cchat.FilePart, path: string): readonly T[];
}

/**
 * Returns the upstream's form of a user message.
 *
 * @param path Names the message in errors.
 * @throws SpearError `invalid_request` for a part that the role does not allow, and for a message without any content;
 * `missing_capabilities` for a part that the upstream does not accept.
 */
export function userParts<T>({ content }: cchat.Message, path: string, makers: UserPartMakers<T>): T[] {
	const made = content.flatMap((part, index): readonly T[] => {
		const at = `${path}.content[${index}]`;
		switch (part.type) {
			case "text":
				return makers.text(part.text);
			case "image":
				return makers.image(part.image, `${at}.image`);
			case "audio":
				if (makers.audio === undefined) throw new SpearError("missing_capabilities", `${at}: this backend does not accept audio`);
				return makers.audio(part.audio, `${at}.audio`);
			case "file":
				if (makers.file === undefined) throw new SpearError("missing_capabilities", `${at}: this backend does not accept files`);
				return makers.file(part.file, `${at}.file`);
			default:
				throw new SpearError("invalid_request", `${at}: a user message cannot have a part of type ${part.type}`);
		}
	});
	if (made.length === 0) throw new SpearError("invalid_request", `${path}.content: it is empty`);
	return made;
}

/**
 * Returns the texts of a message whose role allows nothing else.
 *
 * @param path Names the message in errors.
 * @throws SpearError `invalid_request` for any other part.
 */
export function textsOf({ role, content }: cchat.Message, path: string): string[] {
	return content.map((part, index) => {
		if (part.type === "text") return part.text;
		throw new SpearError(
			"invalid_request",
			`${path}.content[${index}]: this backend accepts only text in a ${role} message, not ${part.type}`,
		);
	});
}
