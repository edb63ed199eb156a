;; What every compiled case has in common, with arithmetic_and_chance.wat and sums.wat: the loop over worlds, plays and
;; months. wasm.py puts in the case's own stages and the numbers that are written between two at signs. One lane group is
;; 4 worlds (f32x4), played twice; @GROUPS@ groups are drawn and added up at a time. A stage finds everything in slots at
;; fixed places.

(memory (export "memory") 64)
(type $stage (func (param $u i32)))

;; ---- rooms whose size depends on the months and the runs -----------------------------------------------------------

(global $plan (export "plan") i32 (i32.const @FREE@))
(global $from (mut i32) (i32.const 0))                        ;; the first month that is played
(global $months (mut i32) (i32.const 0))                      ;; the month after the last
(global $chance (export "chance") (mut i32) (i32.const 0))    ;; [group, play][month][row] of a vector
(global $record (export "record") (mut i32) (i32.const 0))    ;; [month][column][group, play] of a vector
(global $finals (export "finals") (mut i32) (i32.const 0))    ;; [measure][group, play] of a vector
(global $counts (export "counts") (mut i32) (i32.const 0))    ;; [month][class] i32
(global $pairs (export "pairs") (mut i32) (i32.const 0))      ;; [month][class] i32: worlds with both plays there
(global $sums (export "sums") (mut i32) (i32.const 0))        ;; [month][column] two f64
(global $bins (export "bins") (mut i32) (i32.const 0))        ;; [month][column][@BIN_ROOM@] u16
(global $moments (export "moments") (mut i32) (i32.const 0))  ;; [6][measure] two f64
(global $classes (export "classes") (mut i32) (i32.const 0))  ;; [month][run] u8
(global $values (export "values") (mut i32) (i32.const 0))    ;; [measure][run] f32
(global $worlds (export "worlds") (mut i32) (i32.const 0))    ;; [column][world] f32
(global $room (mut i32) (i32.const 0))                        ;; runs that the last three have room for
(global $first (mut i32) (i32.const 0))
(global $last (mut i32) (i32.const 0))
(global $keep (mut i32) (i32.const 0))                        ;; 1: histograms, 2: rows, 4: worlds

;; makes room and zeroes it; the caller then writes the plan of ``plan`` bytes where the global says
(func (export "reserve") (param $from i32) (param $months i32) (param $runs i32) (param $keep i32) (param $plan i32) (result i32) (local $at i32)
  (global.set $from (local.get $from))
  (global.set $months (local.get $months))
  (global.set $keep (local.get $keep))
  (global.set $room (i32.mul (i32.div_u (i32.add (local.get $runs) (i32.const @STRETCH_1@)) (i32.const @STRETCH@)) (i32.const @STRETCH@)))
  (global.set $chance (i32.and (i32.const -16) (i32.add (global.get $plan) (i32.add (local.get $plan) (i32.const 15)))))
  (global.set $record (local.tee $at (i32.add (global.get $chance) (i32.mul (local.get $months) (i32.const @CHANCE_SIZE@)))))
  (global.set $finals (local.tee $at (i32.add (local.get $at) (i32.mul (local.get $months) (i32.const @RECORD_SIZE@)))))
  (global.set $counts (local.tee $at (i32.add (local.get $at) (i32.const @FINALS_SIZE@))))
  (global.set $pairs (local.tee $at (i32.add (local.get $at) (i32.mul (local.get $months) (i32.const @COUNTS_SIZE@)))))
  (global.set $sums (local.tee $at (i32.add (local.get $at) (i32.mul (local.get $months) (i32.const @COUNTS_SIZE@)))))
  (global.set $moments (local.tee $at (i32.add (local.get $at) (i32.mul (local.get $months) (i32.const @SUMS_SIZE@)))))
  (global.set $bins (local.tee $at (i32.add (local.get $at) (i32.const @MOMENTS_SIZE@))))
  (if (i32.and (local.get $keep) (i32.const 1))
    (then (local.set $at (i32.add (local.get $at) (i32.mul (local.get $months) (i32.const @BINS_SIZE@))))))
  (global.set $classes (local.get $at))
  (global.set $values (local.get $at))
  (global.set $worlds (local.get $at))
  (if (i32.and (local.get $keep) (i32.const 2)) (then
    (global.set $values (local.tee $at (i32.add (local.get $at) (i32.mul (local.get $months) (global.get $room)))))
    (local.set $at (i32.add (local.get $at) (i32.mul (global.get $room) (i32.const @VALUES_SIZE@))))))
  (if (i32.and (local.get $keep) (i32.const 4)) (then
    (global.set $worlds (local.get $at))
    (local.set $at (i32.add (local.get $at) (i32.mul (global.get $room) (i32.const @WORLDS_SIZE@))))))
  (if (i32.gt_u (local.get $at) (i32.shl (memory.size) (i32.const 16))) (then
    (drop (memory.grow (i32.add (i32.const 1)
      (i32.shr_u (i32.sub (local.get $at) (i32.shl (memory.size) (i32.const 16))) (i32.const 16)))))))
  (memory.fill (global.get $counts) (i32.const 0) (i32.sub (global.get $classes) (global.get $counts)))
  (global.get $room))

;; ---- drawing --------------------------------------------------------------------------------------------------------

;; all generators at the world of a block from which the next stretch begins
(func $seed_block (param $block i32) (param $world i32) (local $k i32) (local $left i32) (local $at i32)
  (loop $each
    (local.set $at (i32.add (i32.const @GENERATORS@) (i32.shl (local.get $k) (i32.const 5))))
    (call $seed_stream (i32.add (i32.const @KEYS@) (i32.shl (local.get $k) (i32.const 3))) (local.get $block) (local.get $at))
    (local.set $left (i32.div_u (local.get $world) (i32.const @STRETCH_WORLDS@)))
    (block $there (loop $on
      (br_if $there (i32.eqz (local.get $left)))
      (call $jump (local.get $at)
        (select (i32.const @JUMP_WORLDS@) (i32.const @JUMP_RUNS@) (i32.lt_u (local.get $k) (i32.const @WORLD_STREAMS@))))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br $on)))
    (br_if $each (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (i32.const @STREAMS@)))))

(func $draw_worlds (local $k i32)
  (loop $each
    (call $fill (i32.add (i32.const @GENERATORS@) (i32.shl (local.get $k) (i32.const 5))) (i32.const @STRETCH_WORLDS_2@)
      (i32.add (i32.const @WORLD_DRAWS@) (i32.shl (local.get $k) (i32.const 4)))
      (i32.const 1) (i32.const @WORLD_STRIDE@) (i32.const 4))
    (br_if $each (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (i32.const @WORLD_STREAMS@)))))

;; whether a month needs the draws of a stream: always, or only where its pair may meet ($pair at or above 0)
(func $needs (param $month i32) (param $pair i32) (result i32) (local $at i32) (local $left i32)
  (if (i32.lt_s (local.get $pair) (i32.const 0)) (then (return (i32.const 1))))
  (local.set $left (i32.load offset=12 (call $plan_of (local.get $month))))
  (local.set $at (call $due_of (local.get $month)))
  (block $none (loop $each
    (br_if $none (i32.eqz (local.get $left)))
    (if (i32.eq (i32.load (local.get $at)) (local.get $pair)) (then (return (i32.const 1))))
    (local.set $at (i32.add (local.get $at) (i32.const 20)))
    (local.set $left (i32.sub (local.get $left) (i32.const 1)))
    (br $each)))
  (i32.const 0))

;; a monthly stream: [rows, first row in the month, pair or -1]
(func $draw_months (local $k i32) (local $at i32) (local $month i32) (local $row i32) (local $form i32)
  (loop $each
    (local.set $at (i32.add (i32.const @GENERATORS@) (i32.shl (i32.add (local.get $k) (i32.const @WORLD_STREAMS@)) (i32.const 5))))
    (local.set $form (i32.add (i32.const @FORMS@) (i32.mul (local.get $k) (i32.const 12))))
    (memory.copy (i32.const @CURSOR@) (local.get $at) (i32.const 32))
    (local.set $month (i32.const 0))
    (loop $months
      (local.set $row (i32.const 0))
      (loop $rows
        (if (call $needs (local.get $month) (i32.load offset=8 (local.get $form))) (then
          (memory.copy (i32.const @TEMPORARY@) (i32.const @CURSOR@) (i32.const 32))
          (call $fill (i32.const @TEMPORARY@) (i32.const @STRETCH_WORLDS@)
            (i32.add (global.get $chance) (i32.shl (i32.add (i32.mul (local.get $month) (i32.const @ROWS@))
              (i32.add (local.get $row) (i32.load offset=4 (local.get $form)))) (i32.const 4)))
            (i32.const 2)
            (i32.shl (i32.mul (global.get $months) (i32.const @ROWS@)) (i32.const 5))
            (i32.shl (i32.mul (global.get $months) (i32.const @ROWS@)) (i32.const 4)))))
        (call $jump (i32.const @CURSOR@) (i32.const @JUMP_ROW@))
        (br_if $rows (i32.lt_u (local.tee $row (i32.add (local.get $row) (i32.const 1))) (i32.load (local.get $form)))))
      (br_if $months (i32.lt_u (local.tee $month (i32.add (local.get $month) (i32.const 1))) (global.get $months))))
    (call $jump (local.get $at) (i32.const @JUMP_RUNS@))
    (br_if $each (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (i32.const @MONTH_STREAMS@)))))

;; ---- what a scenario plans, as instance.py and kernel.mjs write it: the first month and the levels seen there [slot,
;; value, where], then by month [5 counts], occasions to decide [function, chance], sets [slot, value, where], changes
;; [function, by, of now, of start, where, where], summits that are due [pair, opens, planned, certain, where], pins
;; [function, value, where]. Each ``where`` is a slot: above 0 in the lanes in which it comes about ---------------------

(func $plan_of (param $month i32) (result i32)
  (i32.add (global.get $plan) (i32.load offset=8 (i32.add (global.get $plan) (i32.shl (local.get $month) (i32.const 2))))))

(func $looks_of (param $month i32) (result i32)
  (i32.add (call $plan_of (local.get $month)) (i32.const 20)))

(func $sets_of (param $month i32) (result i32)
  (i32.add (call $looks_of (local.get $month)) (i32.mul (i32.const 8) (i32.load (call $plan_of (local.get $month))))))

(func $changes_of (param $month i32) (result i32)
  (i32.add (call $sets_of (local.get $month)) (i32.mul (i32.const 12) (i32.load offset=4 (call $plan_of (local.get $month))))))

(func $due_of (param $month i32) (result i32)
  (i32.add (call $changes_of (local.get $month)) (i32.mul (i32.const 24) (i32.load offset=8 (call $plan_of (local.get $month))))))

(func $pins_of (param $month i32) (result i32)
  (i32.add (call $due_of (local.get $month)) (i32.mul (i32.const 20) (i32.load offset=12 (call $plan_of (local.get $month))))))

(func $set (param $slot i32) (param $value f32)
  (v128.store (local.get $slot) (f32x4.splat (local.get $value))))

(func $set_all (param $at i32) (param $left i32)
  (block $done (loop $each
    (br_if $done (i32.eqz (local.get $left)))
    (v128.store (i32.load (local.get $at)) (v128.bitselect
      (f32x4.splat (f32.load offset=4 (local.get $at))) (v128.load (i32.load (local.get $at)))
      (f32x4.gt (v128.load (i32.load offset=8 (local.get $at))) @F(0)@)))
    (local.set $at (i32.add (local.get $at) (i32.const 12)))
    (local.set $left (i32.sub (local.get $left) (i32.const 1)))
    (br $each))))

;; the lanes in which what is planned next comes about
(func $only_where (param $slot i32)
  (v128.store (i32.const @SLOT(v:happens.planned)@) (v128.load (local.get $slot))))

(func $look_all (param $month i32) (param $u i32) (local $at i32) (local $left i32)
  (local.set $at (call $looks_of (local.get $month)))
  (local.set $left (i32.load (call $plan_of (local.get $month))))
  (block $done (loop $each
    (br_if $done (i32.eqz (local.get $left)))
    (call $set (i32.const @SLOT(v:look.chance)@) (f32.load offset=4 (local.get $at)))
    (call_indirect (type $stage) (local.get $u) (i32.load (local.get $at)))
    (local.set $at (i32.add (local.get $at) (i32.const 8)))
    (local.set $left (i32.sub (local.get $left) (i32.const 1)))
    (br $each))))

(func $change_all (param $month i32) (param $u i32) (local $at i32) (local $left i32)
  (call $set_all (call $sets_of (local.get $month)) (i32.load offset=4 (call $plan_of (local.get $month))))
  (local.set $at (call $changes_of (local.get $month)))
  (local.set $left (i32.load offset=8 (call $plan_of (local.get $month))))
  (block $done (loop $each
    (br_if $done (i32.eqz (local.get $left)))
    (call $set (i32.const @SLOT(v:change.by)@) (f32.load offset=4 (local.get $at)))
    (call $set (i32.const @SLOT(v:change.of_now)@) (f32.load offset=8 (local.get $at)))
    (call $set (i32.const @SLOT(v:change.of_start)@) (f32.load offset=12 (local.get $at)))
    (v128.store (i32.const @SLOT(v:happens.planned)@) (f32x4.mul
      (v128.load (i32.load offset=16 (local.get $at))) (v128.load (i32.load offset=20 (local.get $at)))))
    (call_indirect (type $stage) (local.get $u) (i32.load (local.get $at)))
    (local.set $at (i32.add (local.get $at) (i32.const 24)))
    (local.set $left (i32.sub (local.get $left) (i32.const 1)))
    (br $each))))

(func $pin_all (param $month i32) (param $u i32) (local $at i32) (local $left i32)
  (local.set $at (call $pins_of (local.get $month)))
  (local.set $left (i32.load offset=16 (call $plan_of (local.get $month))))
  (block $done (loop $each
    (br_if $done (i32.eqz (local.get $left)))
    (call $set (i32.const @SLOT(v:change.by)@) (f32.load offset=4 (local.get $at)))
    (call $only_where (i32.load offset=8 (local.get $at)))
    (call_indirect (type $stage) (local.get $u) (i32.load (local.get $at)))
    (local.set $at (i32.add (local.get $at) (i32.const 12)))
    (local.set $left (i32.sub (local.get $left) (i32.const 1)))
    (br $each))))

;; the functions of a pair begin at @PAIR_FUNCTIONS@: leverage anew, the summit, its facts for a story
(func $meet_all (param $month i32) (param $u i32) (local $at i32) (local $left i32) (local $place i32) (local $pair i32)
  (local.set $at (call $due_of (local.get $month)))
  (local.set $left (i32.load offset=12 (call $plan_of (local.get $month))))
  (block $done (loop $each
    (br_if $done (i32.ge_u (local.get $place) (local.get $left)))
    (local.set $pair (i32.add (i32.const @PAIR_FUNCTIONS@) (i32.mul (i32.const 3) (i32.load (local.get $at)))))
    (call $stage_derive (local.get $u))
    (if (local.get $place) (then (call_indirect (type $stage) (local.get $u) (local.get $pair))))
    (call $set (i32.const @SLOT(v:due.opens)@) (f32.load offset=4 (local.get $at)))
    (call $set (i32.const @SLOT(v:due.planned)@) (f32.load offset=8 (local.get $at)))
    (call $set (i32.const @SLOT(v:due.certain)@) (f32.load offset=12 (local.get $at)))
    (call $only_where (i32.load offset=16 (local.get $at)))
    (if (global.get $one_month) (then (call_indirect (type $stage) (local.get $u) (i32.add (local.get $pair) (i32.const 2)))))
    (call_indirect (type $stage) (local.get $u) (i32.add (local.get $pair) (i32.const 1)))
    (local.set $at (i32.add (local.get $at) (i32.const 20)))
    (local.set $place (i32.add (local.get $place) (i32.const 1)))
    (br $each))))

(func $month (param $month i32) (param $u i32)
  (call $set (i32.const @SLOT(v:month)@) (f32.convert_i32_u (local.get $month)))
  (call $look_all (local.get $month) (local.get $u))
  @STAGES@)

;; ---- playing --------------------------------------------------------------------------------------------------------

(func $play_one (param $world i32) (param $both i32) (local $month i32) (local $u i32) (local $r i32)
  (memory.copy (i32.const @VARYING@) (i32.const @OPENING@) (i32.const @VARYING_SIZE@))
  (call $set_all (i32.add (global.get $plan) (i32.load (global.get $plan))) (i32.load offset=4 (global.get $plan)))
  (local.set $month (global.get $from))
  (loop $months
    (local.set $u (i32.add (global.get $chance) (i32.shl (i32.mul (i32.const @ROWS@)
      (i32.add (local.get $month) (i32.mul (local.get $both) (global.get $months)))) (i32.const 4))))
    (call $month (local.get $month) (local.get $u))
    (call $record_month (i32.add (global.get $record) (i32.add (i32.shl (local.get $both) (i32.const 4))
      (i32.mul (local.get $month) (i32.const @RECORD_SIZE@)))))
    (br_if $months (i32.lt_u (local.tee $month (i32.add (local.get $month) (i32.const 1))) (global.get $months))))
  (call $record_finals (i32.add (global.get $finals) (i32.shl (local.get $both) (i32.const 4)))))

;; for a story: "place_run" puts the slots of a run in place, "play_month" plays one month of it
(func (export "place_run") (param $run i32) (local $w i32) (local $both i32)
  (if (i32.ne (i32.add (i32.and (local.get $run) (i32.const @STRETCH_MASK@)) (i32.const @STRETCH@)) (global.get $next)) (then
    (call $draw_stretch (i32.and (local.get $run) (i32.const @STRETCH_MASK@)))))
  (local.set $w (i32.and (i32.shr_u (local.get $run) (i32.const 1)) (i32.const @STRETCH_WORLDS_1@)))
  (local.set $both (i32.shr_u (local.get $w) (i32.const 2)))
  (call $world (i32.add (i32.const @WORLD_DRAWS@) (i32.mul (local.get $both) (i32.const @WORLD_STRIDE@))))
  (memory.copy (i32.const @VARYING@) (i32.const @OPENING@) (i32.const @VARYING_SIZE@))
  (call $set_all (i32.add (global.get $plan) (i32.load (global.get $plan))) (i32.load offset=4 (global.get $plan)))
  (global.set $placed (i32.add (i32.shl (local.get $both) (i32.const 1)) (i32.and (local.get $run) (i32.const 1)))))

(global $placed (mut i32) (i32.const 0))
(global $one_month (mut i32) (i32.const 0))

(func (export "play_month") (param $month i32)
  (global.set $one_month (i32.const 1))
  (call $month (local.get $month) (i32.add (global.get $chance) (i32.shl (i32.mul (i32.const @ROWS@)
    (i32.add (local.get $month) (i32.mul (global.get $placed) (global.get $months)))) (i32.const 4))))
  (call $record_month (global.get $record))
  (call $record_finals (global.get $finals))
  (global.set $one_month (i32.const 0)))

(func $draw_stretch (param $run i32)
  (if (i32.or (i32.eqz (i32.and (local.get $run) (i32.const 4095))) (i32.ne (local.get $run) (global.get $next))) (then
    (call $seed_block (i32.shr_u (local.get $run) (i32.const 12)) (i32.shr_u (i32.and (local.get $run) (i32.const 4095)) (i32.const 1)))))
  (if (i32.eqz (global.get $same_world)) (then (call $draw_worlds)))
  (call $draw_months)
  (global.set $next (i32.add (local.get $run) (i32.const @STRETCH@))))

(global $next (mut i32) (i32.const -1))
(global $same_world (export "same_world") (mut i32) (i32.const 0)) ;; 1: every world is what stands in WORLD_DRAWS

(func (export "prepare")
  (call $mix_seed)
  (global.set $next (i32.const -1))
  (call $set (i32.const @SLOT(v:always)@) (f32.const 1))
  (call $derive_numbers))

;; ``first`` is a multiple of @STRETCH@
(func (export "play") (param $first i32) (param $runs i32) (local $run i32) (local $group i32)
  (global.set $first (local.get $first))
  (global.set $last (i32.add (local.get $first) (local.get $runs)))
  (local.set $run (local.get $first))
  (loop $stretches
    (call $draw_stretch (local.get $run))
    (local.set $group (i32.const 0))
    (block $enough (loop $groups
      (br_if $enough (i32.ge_u (i32.add (local.get $run) (i32.shl (local.get $group) (i32.const 3))) (global.get $last)))
      (call $world (i32.add (i32.const @WORLD_DRAWS@) (i32.mul (local.get $group) (i32.const @WORLD_STRIDE@))))
      (if (i32.and (global.get $keep) (i32.const 4)) (then
        (call $record_world
          (i32.add (i32.const @WORLD_DRAWS@) (i32.mul (local.get $group) (i32.const @WORLD_STRIDE@)))
          (i32.add (global.get $worlds) (i32.shl (i32.add (i32.shl (local.get $group) (i32.const 2))
            (i32.shr_u (i32.sub (local.get $run) (global.get $first)) (i32.const 1))) (i32.const 2))))))
      (call $play_one (local.get $group) (i32.shl (local.get $group) (i32.const 1)))
      (call $play_one (local.get $group) (i32.add (i32.shl (local.get $group) (i32.const 1)) (i32.const 1)))
      (br_if $groups (i32.lt_u (local.tee $group (i32.add (local.get $group) (i32.const 1))) (i32.const @GROUPS@)))))
    (call $add_up (local.get $run))
    (br_if $stretches (i32.lt_u (local.tee $run (i32.add (local.get $run) (i32.const @STRETCH@))) (global.get $last)))))
