#!/usr/bin/env bash
rm -r $1
