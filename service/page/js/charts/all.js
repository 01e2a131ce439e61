// The pictures in the order of the analyst's questions. One with a `job` takes solves of its own: it is
// drawn once `view.found` holds what that kind of job found.

import { supplyPicture } from './supply.js';
import { frontierPicture } from './frontier.js';
import { travelPicture } from './travel.js';
import { handsPicture } from './hands.js';
import { coverPicture } from './cover.js';
import { spendingPicture } from './spending.js';
import { meritPicture } from './merit.js';
import { partnersPicture } from './partners.js';
import { tornadoPicture } from './tornado.js';
import { stressPicture } from './stress.js';

export const PICTURES = [supplyPicture, frontierPicture, travelPicture, handsPicture, coverPicture, spendingPicture, meritPicture, partnersPicture, tornadoPicture, stressPicture];
