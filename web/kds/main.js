import '../shared/base.css';
import './kds.css';
import { start } from '../shared/start.js';
import { Kds } from './kds.js';
import en from './strings/en.js';
import zh from './strings/zh.js';

start({ app: 'kds', version: __VERSION__, strings: { en, zh }, App: Kds });
