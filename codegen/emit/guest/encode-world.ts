/** Run as a process: `encode-world.ts <absolute WIT directory> <world>` writes the encoded package to standard output. */
import { componentEmbed } from "@bytecodealliance/jco";
import { customSection } from "./custom-section.ts";

const [witPath, world] = process.argv.slice(2);
if (witPath === undefined || world === undefined) throw new Error("usage: encode-world.ts <absolute WIT directory> <world>");

const core = await componentEmbed({ witPath, world, dummy: true, features: { tag: "all" } });
const section = customSection(core, "component-type");
if (section === undefined) throw new Error(`the encoder left out the \`component-type\` section of world \`${world}\``);
process.stdout.write(section);
