import { type Claim, notRun } from "./claim.ts";

/** What the paper says of VAEs beside generative adversarial networks. */
export const GAN: readonly Claim[] = [
  {
    says: "VAEs make blurrier images than GANs",
    section: "4",
    judge: notRun("a GAN with the same decoder"),
  },
  {
    says: "A GAN has to be searched for images with a wanted feature",
    section: "4",
    judge: notRun("a GAN with the same decoder"),
  },
  {
    says: "A GAN may pick up a collateral feature without what was wanted",
    section: "4",
    judge: notRun("a GAN with the same decoder"),
  },
  {
    says: "A VAE whose decoder is trained adversarially makes sharper images",
    section: "4",
    judge: notRun("a VAE with an adversary"),
  },
];
