;; What runtime.wat keeps: classes counted by month, sums, histograms, moments, rows.

;; lanes of a (group, play) that belong to the runs asked for: run + 8 group + 2 lane + play < last
(func $lanes (param $run i32) (param $both i32) (result v128)
  (i32x4.lt_s
    (i32x4.add (i32x4.splat (i32.add (local.get $run) (i32.add
        (i32.shl (i32.shr_u (local.get $both) (i32.const 1)) (i32.const 3)) (i32.and (local.get $both) (i32.const 1)))))
      (v128.const i32x4 0 2 4 6))
    (i32x4.splat (global.get $last))))

(func $add (param $to i32) (param $value v128)
  (v128.store (local.get $to) (f64x2.add (v128.load (local.get $to)) (f64x2.add
    (f64x2.promote_low_f32x4 (local.get $value))
    (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $value) (local.get $value)))))))

(func $add_up (param $run i32) (local $month i32) (local $column i32)
  (loop $each
    (v128.store offset=@LANES@ (i32.shl (local.get $column) (i32.const 4)) (call $lanes (local.get $run) (local.get $column)))
    (br_if $each (i32.lt_u (local.tee $column (i32.add (local.get $column) (i32.const 1))) (i32.const @BOTH@))))
  (local.set $month (global.get $from))
  (loop $months
    (call $add_classes (local.get $run) (local.get $month)
      (i32.add (global.get $record) (i32.mul (local.get $month) (i32.const @RECORD_SIZE@))))
    (local.set $column (i32.const 1))
    (loop $columns
      (call $add_column (i32.add (global.get $record) (i32.add (i32.mul (local.get $month) (i32.const @RECORD_SIZE@))
          (i32.mul (local.get $column) (i32.const @COLUMN_SIZE@))))
        (i32.add (global.get $sums) (i32.shl (i32.add (i32.mul (local.get $month) (i32.const @COLUMNS@)) (local.get $column)) (i32.const 4)))
        (i32.add (global.get $bins) (i32.mul (i32.add (i32.mul (local.get $month) (i32.const @COLUMNS@)) (local.get $column)) (i32.const @BIN_BYTES@)))
        (f32.load (i32.add (i32.const @SCALES@) (i32.shl (local.get $column) (i32.const 2)))))
      (br_if $columns (i32.lt_u (local.tee $column (i32.add (local.get $column) (i32.const 1))) (i32.const @COLUMNS@))))
    (br_if $months (i32.lt_u (local.tee $month (i32.add (local.get $month) (i32.const 1))) (global.get $months))))
  (local.set $column (i32.const 0))
  (loop $measures
    (call $add_measure (local.get $run) (local.get $column))
    (br_if $measures (i32.lt_u (local.tee $column (i32.add (local.get $column) (i32.const 1))) (i32.const @MEASURES@)))))

;; a month's values of one column: their sum, and where they fall in a histogram; lanes that do not count fall in its
;; last bar. Where all four fall in one bar, as numbers that do not move do, it is written once.
(func $add_column (param $from i32) (param $sum i32) (param $bins i32) (param $scale f32) (local $both i32) (local $at i32) (local $lanes v128) (local $value v128) (local $low v128) (local $high v128) (local $k v128)
  (loop $each
    (local.set $lanes (v128.load offset=@LANES@ (local.get $both)))
    (local.set $value (v128.and (local.get $lanes) (v128.load (i32.add (local.get $from) (local.get $both)))))
    (local.set $low (f64x2.add (local.get $low) (f64x2.promote_low_f32x4 (local.get $value))))
    (local.set $high (f64x2.add (local.get $high) (f64x2.promote_low_f32x4
      (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $value) (local.get $value)))))
    (if (i32.and (global.get $keep) (i32.const 1)) (then
      (local.set $k (i32x4.min_u (i32x4.trunc_sat_f32x4_u (f32x4.mul (local.get $value) (f32x4.splat (local.get $scale)))) @I(999)@))
      (local.set $k (i32x4.shl (v128.bitselect (local.get $k) @I(1000)@ (local.get $lanes)) (i32.const 1)))
      (local.set $at (i32.add (local.get $bins) (i32x4.extract_lane 0 (local.get $k))))
      (if (i32x4.all_true (i32x4.eq (local.get $k) (i8x16.shuffle 0 1 2 3 0 1 2 3 0 1 2 3 0 1 2 3 (local.get $k) (local.get $k))))
        (then (i32.store16 (local.get $at) (i32.add (i32.load16_u (local.get $at)) (i32.const 4))))
        (else
          (i32.store16 (local.get $at) (i32.add (i32.load16_u (local.get $at)) (i32.const 1)))
          (local.set $at (i32.add (local.get $bins) (i32x4.extract_lane 1 (local.get $k))))
          (i32.store16 (local.get $at) (i32.add (i32.load16_u (local.get $at)) (i32.const 1)))
          (local.set $at (i32.add (local.get $bins) (i32x4.extract_lane 2 (local.get $k))))
          (i32.store16 (local.get $at) (i32.add (i32.load16_u (local.get $at)) (i32.const 1)))
          (local.set $at (i32.add (local.get $bins) (i32x4.extract_lane 3 (local.get $k))))
          (i32.store16 (local.get $at) (i32.add (i32.load16_u (local.get $at)) (i32.const 1)))))))
    (br_if $each (i32.lt_u (local.tee $both (i32.add (local.get $both) (i32.const 16))) (i32.const @COLUMN_SIZE@))))
  (v128.store (local.get $sum) (f64x2.add (v128.load (local.get $sum)) (f64x2.add (local.get $low) (local.get $high)))))

;; classes of a month: counted, counted where both plays of a world agree, and kept; a run at a time
(func $add_classes (param $run i32) (param $month i32) (param $from i32) (local $k i32) (local $class i32) (local $at i32)
  (loop $each
    (if (i32.lt_u (i32.add (local.get $run) (local.get $k)) (global.get $last)) (then
      (local.set $class (call $class_of (local.get $from) (local.get $k)))
      (local.set $at (i32.shl (i32.add (i32.mul (local.get $month) (i32.const @CLASSES@)) (local.get $class)) (i32.const 2)))
      (i32.store (i32.add (global.get $counts) (local.get $at)) (i32.add (i32.load (i32.add (global.get $counts) (local.get $at))) (i32.const 1)))
      (if (i32.and (i32.and (local.get $k) (i32.const 1)) (i32.eq (local.get $class) (call $class_of (local.get $from) (i32.sub (local.get $k) (i32.const 1))))) (then
        (i32.store (i32.add (global.get $pairs) (local.get $at)) (i32.add (i32.load (i32.add (global.get $pairs) (local.get $at))) (i32.const 1)))))
      (if (i32.and (global.get $keep) (i32.const 2)) (then
        (i32.store8 (i32.add (i32.add (global.get $classes) (i32.mul (local.get $month) (global.get $room)))
          (i32.sub (i32.add (local.get $run) (local.get $k)) (global.get $first))) (local.get $class))))))
    (br_if $each (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (i32.const @STRETCH@)))))

;; run k of a stretch: group k / 8, play k mod 2, lane (k / 2) mod 4
(func $class_of (param $from i32) (param $k i32) (result i32)
  (i32.trunc_sat_f32_u (f32.load (i32.add (local.get $from) (i32.add
    (i32.shl (i32.or (i32.shl (i32.shr_u (local.get $k) (i32.const 3)) (i32.const 1)) (i32.and (local.get $k) (i32.const 1))) (i32.const 4))
    (i32.shl (i32.and (i32.shr_u (local.get $k) (i32.const 1)) (i32.const 3)) (i32.const 2)))))))

;; sums of a measure over runs to which it applies (where it is not NaN): of y, of y squared, of y over worlds with two
;; plays, of the product of the two plays; then the number of runs and of worlds with two plays
(func $add_measure (param $run i32) (param $measure i32) (local $group i32) (local $from i32) (local $to i32) (local $one v128) (local $two v128) (local $a v128) (local $b v128)
  (local.set $from (i32.add (global.get $finals) (i32.mul (local.get $measure) (i32.const @COLUMN_SIZE@))))
  (local.set $to (i32.add (global.get $moments) (i32.shl (local.get $measure) (i32.const 4))))
  (loop $each
    (local.set $one (v128.load (i32.add (local.get $from) (i32.shl (local.get $group) (i32.const 5)))))
    (local.set $two (v128.load offset=16 (i32.add (local.get $from) (i32.shl (local.get $group) (i32.const 5)))))
    (if (i32.and (global.get $keep) (i32.const 2)) (then
      (call $keep_values (local.get $measure)
        (i32.add (i32.sub (local.get $run) (global.get $first)) (i32.shl (local.get $group) (i32.const 3)))
        (local.get $one) (local.get $two))))
    (local.set $a (v128.and (f32x4.eq (local.get $one) (local.get $one))
      (v128.load offset=@LANES@ (i32.shl (local.get $group) (i32.const 5)))))
    (local.set $b (v128.and (f32x4.eq (local.get $two) (local.get $two))
      (v128.load offset=@LANES_1@ (i32.shl (local.get $group) (i32.const 5)))))
    (local.set $one (v128.and (local.get $a) (local.get $one)))
    (local.set $two (v128.and (local.get $b) (local.get $two)))
    (call $add (local.get $to) (local.get $one))
    (call $add (local.get $to) (local.get $two))
    (call $add (i32.add (local.get $to) (i32.const @MOMENT_1@)) (f32x4.mul (local.get $one) (local.get $one)))
    (call $add (i32.add (local.get $to) (i32.const @MOMENT_1@)) (f32x4.mul (local.get $two) (local.get $two)))
    (call $add (i32.add (local.get $to) (i32.const @MOMENT_4@)) (v128.and (local.get $a) @F(1)@))
    (call $add (i32.add (local.get $to) (i32.const @MOMENT_4@)) (v128.and (local.get $b) @F(1)@))
    (local.set $a (v128.and (local.get $a) (local.get $b)))
    (call $add (i32.add (local.get $to) (i32.const @MOMENT_2@)) (v128.and (local.get $a) (f32x4.add (local.get $one) (local.get $two))))
    (call $add (i32.add (local.get $to) (i32.const @MOMENT_3@)) (v128.and (local.get $a) (f32x4.mul (local.get $one) (local.get $two))))
    (call $add (i32.add (local.get $to) (i32.const @MOMENT_5@)) (v128.and (local.get $a) @F(1)@))
    (br_if $each (i32.lt_u (local.tee $group (i32.add (local.get $group) (i32.const 1))) (i32.const @GROUPS@)))))

(func $keep_values (param $measure i32) (param $place i32) (param $one v128) (param $two v128) (local $to i32)
  (local.set $to (i32.add (global.get $values) (i32.shl (i32.add (i32.mul (local.get $measure) (global.get $room)) (local.get $place)) (i32.const 2))))
  (v128.store (local.get $to) (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $one) (local.get $two)))
  (v128.store offset=16 (local.get $to) (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $one) (local.get $two))))
